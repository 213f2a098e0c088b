package io.portcullis.core.net;

import java.util.Arrays;

/**
 * Blocks of addresses in any order, many millions, as primitives: what {@link CidrSet} and {@link Denylist} are made of.
 *
 * <p>An IPv4 block is one long, an IPv6 block three. Not safe for use by several threads.
 */
final class Blocks {

    /** The longs of an IPv6 block: the upper and the lower half of its network, then its prefix length. */
    static final int LONGS = 3;

    private static final int FIRST_CAPACITY = 8;
    private static final int IPV4_OFFSET = 96;

    /** Network (32 bits), then prefix length (8 bits, 0 to 32), so that their order is the order of the blocks. */
    private long[] ipv4 = new long[FIRST_CAPACITY];

    private int ipv4Count;

    private long[] ipv6 = {};
    private int ipv6Count;

    void add(long high, long low, int prefixLength) {
        if (prefixLength < 0 || prefixLength > 128) {
            throw new IllegalArgumentException("prefixLength: " + prefixLength + " (expected: 0 to 128)");
        }
        if (prefixLength >= IPV4_OFFSET && high == 0 && low >>> 32 == IpAddress.IPV4_MAPPED >>> 32) {
            addIpv4(IpAddress.truncatedLow(low, prefixLength) & 0xFFFF_FFFFL, prefixLength - IPV4_OFFSET);
        } else {
            addIpv6(
                    IpAddress.truncatedHigh(high, prefixLength),
                    IpAddress.truncatedLow(low, prefixLength),
                    prefixLength);
        }
    }

    private void addIpv4(long network, int length) {
        if (ipv4Count == ipv4.length) {
            ipv4 = Arrays.copyOf(ipv4, ipv4Count + ipv4Count / 2);
        }
        ipv4[ipv4Count++] = network << 8 | length;
    }

    private void addIpv6(long high, long low, int length) {
        int end = ipv6Count * LONGS;
        if (end == ipv6.length) {
            ipv6 = Arrays.copyOf(ipv6, LONGS * (ipv6Count + ipv6Count / 2 + FIRST_CAPACITY));
        }
        ipv6[end] = high;
        ipv6[end + 1] = low;
        ipv6[end + 2] = length;
        ipv6Count++;
    }

    /** By their first addresses, the wider first, each once. */
    void sort() {
        Arrays.sort(ipv4, 0, ipv4Count);
        int kept = 0;
        for (int i = 0; i < ipv4Count; i++) {
            if (i == 0 || ipv4[i] != ipv4[i - 1]) {
                ipv4[kept++] = ipv4[i];
            }
        }
        ipv4Count = kept;
        sortIpv6(0, ipv6Count - 1);
        kept = 0;
        for (int i = 0; i < ipv6Count; i++) {
            if (kept == 0 || compareIpv6(i, kept - 1) != 0) {
                System.arraycopy(ipv6, i * LONGS, ipv6, LONGS * kept++, LONGS);
            }
        }
        ipv6Count = kept;
    }

    int ipv4Count() {
        return ipv4Count;
    }

    int ipv4Network(int index) {
        return (int) (ipv4[index] >>> 8);
    }

    /** 0 to 32. */
    int ipv4Length(int index) {
        return (int) ipv4[index] & 0xFF;
    }

    int ipv6Count() {
        return ipv6Count;
    }

    long ipv6High(int index) {
        return ipv6[index * LONGS];
    }

    long ipv6Low(int index) {
        return ipv6[index * LONGS + 1];
    }

    int ipv6Length(int index) {
        return (int) ipv6[index * LONGS + 2];
    }

    /** Quicksort in place (Hoare's partition): the JDK sorts single longs only, and objects would cost five times this. */
    private void sortIpv6(int from, int to) {
        int first = from;
        int last = to;
        while (first < last) {
            int end = partitionIpv6(first, last);
            // Goes down into the smaller part, so that the stack stays small.
            if (end - first < last - end) {
                sortIpv6(first, end);
                first = end + 1;
            } else {
                sortIpv6(end + 1, last);
                last = end;
            }
        }
    }

    private int partitionIpv6(int from, int to) {
        int middle = LONGS * ((from + to) >>> 1);
        long high = ipv6[middle];
        long low = ipv6[middle + 1];
        long length = ipv6[middle + 2];
        int left = from - 1;
        int right = to + 1;
        while (true) {
            do {
                left++;
            } while (compareIpv6(left, high, low, length) < 0);
            do {
                right--;
            } while (compareIpv6(right, high, low, length) > 0);
            if (left >= right) {
                return right;
            }
            swapIpv6(left * LONGS, right * LONGS);
        }
    }

    private void swapIpv6(int first, int second) {
        for (int i = 0; i < LONGS; i++) {
            long held = ipv6[first + i];
            ipv6[first + i] = ipv6[second + i];
            ipv6[second + i] = held;
        }
    }

    private int compareIpv6(int index, int other) {
        return compareIpv6(index, ipv6[other * LONGS], ipv6[other * LONGS + 1], ipv6[other * LONGS + 2]);
    }

    private int compareIpv6(int index, long high, long low, long length) {
        int byHigh = Long.compareUnsigned(ipv6[index * LONGS], high);
        int byLow = byHigh != 0 ? byHigh : Long.compareUnsigned(ipv6[index * LONGS + 1], low);
        return byLow != 0 ? byLow : Long.compare(ipv6[index * LONGS + 2], length);
    }
}
