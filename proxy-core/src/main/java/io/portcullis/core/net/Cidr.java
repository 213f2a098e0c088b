package io.portcullis.core.net;

import org.jspecify.annotations.Nullable;

/**
 * A block of addresses (RFC 4632).
 *
 * @param network its first address
 * @param prefixLength in the 128-bit form: an IPv4 {@code /24} is 120
 */
public record Cidr(IpAddress network, int prefixLength) {

    private static final int IPV4_OFFSET = 96;

    public Cidr {
        if (prefixLength < 0 || prefixLength > 128) {
            throw new IllegalArgumentException("prefixLength: " + prefixLength + " (expected: 0 to 128)");
        }
        network = network.truncate(prefixLength);
    }

    /**
     * Reads {@code 192.0.2.0/24}, {@code 2001:db8::/32} or a single address. Bits after the prefix are allowed and
     * cleared.
     *
     * @return the block, or null where the text is none
     */
    public static @Nullable Cidr parse(String text) {
        int slash = text.indexOf('/');
        IpAddress address = IpAddress.parse(text, 0, slash < 0 ? text.length() : slash);
        if (address == null) {
            return null;
        }
        if (slash < 0) {
            return new Cidr(address, 128);
        }
        boolean writtenAsIpv4 = text.indexOf(':') < 0;
        int length = parseLength(text, slash + 1, writtenAsIpv4 ? 32 : 128);
        if (length < 0) {
            return null;
        }
        return new Cidr(address, writtenAsIpv4 ? length + IPV4_OFFSET : length);
    }

    /**
     * Whether {@link #parse} clears bits of it, as of {@code 192.0.2.5/24}: then nobody can tell whether the one address
     * was meant or the whole block.
     *
     * @return false too where the text is no block
     */
    public static boolean hasHostBits(String text) {
        int slash = text.indexOf('/');
        Cidr block = slash < 0 ? null : parse(text);
        return block != null && !block.network.equals(IpAddress.parse(text, 0, slash));
    }

    public boolean contains(IpAddress address) {
        return address.truncate(prefixLength).equals(network);
    }

    /** The last address of the block. */
    public IpAddress last() {
        long high = network.high();
        long low = network.low();
        if (prefixLength < 64) {
            high |= -1L >>> prefixLength;
            low = -1L;
        } else if (prefixLength < 128) {
            low |= -1L >>> (prefixLength - 64);
        }
        return new IpAddress(high, low);
    }

    private static int parseLength(String text, int start, int max) {
        int digits = text.length() - start;
        if (digits < 1 || digits > 3 || (digits > 1 && text.charAt(start) == '0')) {
            return -1;
        }
        int length = 0;
        for (int i = start; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            length = length * 10 + c - '0';
        }
        return length <= max ? length : -1;
    }

    @Override
    public String toString() {
        if (prefixLength == 128) {
            return network.toString();
        }
        boolean ipv4 = network.isIpv4() && prefixLength >= IPV4_OFFSET;
        return network + "/" + (ipv4 ? prefixLength - IPV4_OFFSET : prefixLength);
    }
}
