package io.portcullis.core.net;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An IPv4 or IPv6 address, as 128 bits.
 *
 * <p>IPv4 is held in its IPv4-mapped form ({@code ::ffff:a.b.c.d}, RFC 4291 section 2.5.5.2), so an address that a
 * dual-stack socket reports as mapped <em>is</em> the IPv4 address: nobody escapes a ban by the socket's family.
 *
 * @param high the first 64 bits
 * @param low the last 64 bits
 */
public record IpAddress(long high, long low) implements Comparable<IpAddress> {

    static final long IPV4_MAPPED = 0xFFFFL << 32;
    private static final long LOW_32 = 0xFFFF_FFFFL;
    private static final int GROUPS = 8;

    /** @param bits the IPv4 address, the first octet in the highest byte */
    public static IpAddress ofIpv4(int bits) {
        return new IpAddress(0, IPV4_MAPPED | (bits & LOW_32));
    }

    /** Never asks a resolver. */
    public static IpAddress of(InetAddress address) {
        return ofBytes(address.getAddress());
    }

    /**
     * The address in network byte order.
     *
     * @param bytes 4 or 16 of them
     */
    public static IpAddress ofBytes(byte[] bytes) {
        if (bytes.length == 4) {
            return ofIpv4(
                    (bytes[0] & 0xFF) << 24 | (bytes[1] & 0xFF) << 16 | (bytes[2] & 0xFF) << 8 | (bytes[3] & 0xFF));
        }
        if (bytes.length != 16) {
            throw new IllegalArgumentException("length: " + bytes.length + " (expected: 4 or 16)");
        }
        long high = 0;
        long low = 0;
        for (int i = 0; i < 8; i++) {
            high = high << 8 | (bytes[i] & 0xFF);
            low = low << 8 | (bytes[i + 8] & 0xFF);
        }
        return new IpAddress(high, low);
    }

    /**
     * Reads an address literal strictly: four decimal octets without leading zeros, or RFC 4291 section 2.2's forms of
     * IPv6 without a zone. What other parsers guess at ({@code 127.1}, {@code 0x7f.0.0.1}, {@code 010.0.0.1}) is refused.
     *
     * @return the address, or null where the text is none
     */
    public static @Nullable IpAddress parse(String text) {
        return parse(text, 0, text.length());
    }

    /** Like {@link #parse(String)}, for a part of a text. */
    public static @Nullable IpAddress parse(String text, int start, int end) {
        if (Scan.indexOf(text, ':', start, end) < end) {
            return parseIpv6(text, start, end);
        }
        long ipv4 = parseIpv4(text, start, end);
        return ipv4 < 0 ? null : ofIpv4((int) ipv4);
    }

    public boolean isIpv4() {
        return high == 0 && (low & ~LOW_32) == IPV4_MAPPED;
    }

    /** The IPv4 address, the first octet in the highest byte; meaningful only where {@link #isIpv4()}. */
    public int ipv4Bits() {
        return (int) low;
    }

    /**
     * The address with all bits after the prefix cleared.
     *
     * @param prefixLength 0 to 128, counted in the 128-bit form
     */
    public IpAddress truncate(int prefixLength) {
        return prefixLength >= 128
                ? this
                : new IpAddress(truncatedHigh(high, prefixLength), truncatedLow(low, prefixLength));
    }

    /** The first 64 bits of an address with all bits after the prefix cleared; makes no object. */
    public static long truncatedHigh(long high, int prefixLength) {
        return prefixLength >= 64 ? high : prefixLength == 0 ? 0 : high & (-1L << (64 - prefixLength));
    }

    /** The last 64 bits of an address with all bits after the prefix cleared; makes no object. */
    public static long truncatedLow(long low, int prefixLength) {
        return prefixLength >= 128 ? low : prefixLength <= 64 ? 0 : low & (-1L << (128 - prefixLength));
    }

    public InetAddress toInetAddress() {
        try {
            return InetAddress.getByAddress(toBytes());
        } catch (UnknownHostException e) {
            throw new AssertionError("4 and 16 bytes are always an address", e);
        }
    }

    private byte[] toBytes() {
        if (isIpv4()) {
            int bits = ipv4Bits();
            return new byte[] {(byte) (bits >>> 24), (byte) (bits >>> 16), (byte) (bits >>> 8), (byte) bits};
        }
        byte[] bytes = new byte[16];
        for (int i = 0; i < 8; i++) {
            bytes[i] = (byte) (high >>> (56 - 8 * i));
            bytes[i + 8] = (byte) (low >>> (56 - 8 * i));
        }
        return bytes;
    }

    /** Unsigned, as the bits stand. */
    @Override
    public int compareTo(IpAddress other) {
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    @Override
    public int hashCode() {
        long mixed = (high * 0x9E3779B97F4A7C15L ^ low) * 0xC2B2AE3D27D4EB4FL;
        return (int) (mixed ^ mixed >>> 32);
    }

    /** Dotted decimal, or RFC 5952's canonical form of IPv6. */
    @Override
    public String toString() {
        if (isIpv4()) {
            int bits = ipv4Bits();
            return (bits >>> 24) + "." + (bits >>> 16 & 0xFF) + "." + (bits >>> 8 & 0xFF) + "." + (bits & 0xFF);
        }
        return ipv6Text();
    }

    private int group(int index) {
        long half = index < 4 ? high : low;
        return (int) (half >>> (48 - 16 * (index & 3))) & 0xFFFF;
    }

    private String ipv6Text() {
        // RFC 5952 section 4.2: the longest run of two or more zero groups is shortened, the first one of equals.
        int gapStart = -1;
        int gapEnd = -1;
        for (int start = 0; start < GROUPS; ) {
            int end = start;
            while (end < GROUPS && group(end) == 0) {
                end++;
            }
            if (end - start > Math.max(1, gapEnd - gapStart)) {
                gapStart = start;
                gapEnd = end;
            }
            start = end + 1;
        }
        StringBuilder text = new StringBuilder(39);
        for (int i = 0; i < GROUPS; ) {
            if (i == gapStart) {
                text.append("::");
                i = gapEnd;
                continue;
            }
            if (i > 0 && i != gapEnd) {
                text.append(':');
            }
            text.append(Integer.toHexString(group(i)));
            i++;
        }
        return text.toString();
    }

    private static long parseIpv4(String text, int start, int end) {
        long bits = 0;
        int at = start;
        for (int octet = 0; octet < 4; octet++) {
            if (octet > 0) {
                if (at >= end || text.charAt(at) != '.') {
                    return -1;
                }
                at++;
            }
            int value = 0;
            int digits = 0;
            while (at < end && digits < 4 && isDigit(text.charAt(at))) {
                value = value * 10 + text.charAt(at) - '0';
                digits++;
                at++;
            }
            boolean leadingZero = digits > 1 && text.charAt(at - digits) == '0';
            if (digits == 0 || digits > 3 || value > 255 || leadingZero) {
                return -1;
            }
            bits = bits << 8 | value;
        }
        return at == end ? bits : -1;
    }

    private static @Nullable IpAddress parseIpv6(String text, int start, int end) {
        int[] groups = new int[GROUPS];
        int count = 0;
        int gap = -1;
        int at = start;
        if (text.startsWith("::", start) && start + 2 <= end) {
            gap = 0;
            at += 2;
        }
        while (at < end) {
            if (count == GROUPS) {
                return null;
            }
            int groupEnd = Scan.indexOf(text, ':', at, end);
            if (groupEnd == end && Scan.indexOf(text, '.', at, end) < end) {
                long ipv4 = count <= GROUPS - 2 ? parseIpv4(text, at, end) : -1;
                if (ipv4 < 0) {
                    return null;
                }
                groups[count++] = (int) (ipv4 >>> 16);
                groups[count++] = (int) (ipv4 & 0xFFFF);
                break;
            }
            int group = parseGroup(text, at, groupEnd);
            if (group < 0) {
                return null;
            }
            groups[count++] = group;
            if (groupEnd == end) {
                break;
            }
            at = groupEnd + 1;
            if (at == end) {
                return null; // a single trailing colon
            }
            if (text.charAt(at) == ':') {
                if (gap >= 0) {
                    return null;
                }
                gap = count;
                at++;
            }
        }
        return assemble(groups, count, gap);
    }

    /** @param gap the index of the group before which {@code ::} stands, or -1 */
    private static @Nullable IpAddress assemble(int[] groups, int count, int gap) {
        if (gap < 0 ? count != GROUPS : count == GROUPS) {
            return null;
        }
        if (gap >= 0) {
            int tail = count - gap;
            System.arraycopy(groups, gap, groups, GROUPS - tail, tail);
            Arrays.fill(groups, gap, GROUPS - tail, 0);
        }
        long high = 0;
        long low = 0;
        for (int i = 0; i < GROUPS / 2; i++) {
            high = high << 16 | groups[i];
            low = low << 16 | groups[i + GROUPS / 2];
        }
        return new IpAddress(high, low);
    }

    private static int parseGroup(String text, int start, int end) {
        if (end == start || end - start > 4) {
            return -1;
        }
        int value = 0;
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            int digit = c < 0x80 ? Character.digit(c, 16) : -1;
            if (digit < 0) {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
