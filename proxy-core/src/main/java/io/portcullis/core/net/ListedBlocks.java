package io.portcullis.core.net;

import java.util.Optional;

/** Blocks as they were listed, sorted: 5 bytes for an IPv4 block, 17 for an IPv6 block. Immutable. */
final class ListedBlocks {

    private static final int IPV4_OFFSET = 96;
    private static final int LENGTHS = 129;

    private final int[] ipv4Networks;
    private final byte[] ipv4Lengths;
    /** Two longs a block. */
    private final long[] ipv6Networks;

    private final byte[] ipv6Lengths;
    /** By prefix length in the 128-bit form: whether there is any. */
    private final boolean[] inUse = new boolean[LENGTHS];

    private ListedBlocks(int ipv4, int ipv6) {
        this.ipv4Networks = new int[ipv4];
        this.ipv4Lengths = new byte[ipv4];
        this.ipv6Networks = new long[ipv6 * 2];
        this.ipv6Lengths = new byte[ipv6];
    }

    static ListedBlocks of(Blocks sorted) {
        ListedBlocks listed = new ListedBlocks(sorted.ipv4Count(), sorted.ipv6Count());
        for (int i = 0; i < sorted.ipv4Count(); i++) {
            listed.ipv4Networks[i] = sorted.ipv4Network(i);
            listed.ipv4Lengths[i] = (byte) (sorted.ipv4Length(i) + IPV4_OFFSET);
            listed.inUse[sorted.ipv4Length(i) + IPV4_OFFSET] = true;
        }
        for (int i = 0; i < sorted.ipv6Count(); i++) {
            listed.ipv6Networks[i * 2] = sorted.ipv6High(i);
            listed.ipv6Networks[i * 2 + 1] = sorted.ipv6Low(i);
            listed.ipv6Lengths[i] = (byte) sorted.ipv6Length(i);
            listed.inUse[sorted.ipv6Length(i)] = true;
        }
        return listed;
    }

    int size() {
        return ipv4Lengths.length + ipv6Lengths.length;
    }

    Optional<Cidr> longestMatch(IpAddress address) {
        for (int length = LENGTHS - 1; length >= 0; length--) {
            if (inUse[length]) {
                Cidr block = new Cidr(address, length);
                boolean isIpv4 = address.isIpv4() && length >= IPV4_OFFSET;
                if (isIpv4 ? holdsIpv4(block) : holdsIpv6(block)) {
                    return Optional.of(block);
                }
            }
        }
        return Optional.empty();
    }

    private boolean holdsIpv4(Cidr block) {
        int low = 0;
        int high = ipv4Networks.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = Integer.compareUnsigned(
                    ipv4Networks[middle], block.network().ipv4Bits());
            if (order == 0) {
                order = lengthOf(ipv4Lengths[middle]) - block.prefixLength();
            }
            if (order == 0) {
                return true;
            }
            low = order < 0 ? middle + 1 : low;
            high = order < 0 ? high : middle - 1;
        }
        return false;
    }

    private boolean holdsIpv6(Cidr block) {
        int low = 0;
        int high = ipv6Lengths.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = Long.compareUnsigned(
                    ipv6Networks[middle * 2], block.network().high());
            if (order == 0) {
                order = Long.compareUnsigned(
                        ipv6Networks[middle * 2 + 1], block.network().low());
            }
            if (order == 0) {
                order = lengthOf(ipv6Lengths[middle]) - block.prefixLength();
            }
            if (order == 0) {
                return true;
            }
            low = order < 0 ? middle + 1 : low;
            high = order < 0 ? high : middle - 1;
        }
        return false;
    }

    /** A byte holds 128 as a negative number. */
    private static int lengthOf(byte held) {
        return held & 0xFF;
    }
}
