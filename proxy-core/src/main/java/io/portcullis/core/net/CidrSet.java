package io.portcullis.core.net;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * An immutable set of addresses given as blocks.
 *
 * <p>The blocks are merged into disjoint ranges, held as sorted arrays of primitives, IPv4 apart from IPv6; a lookup is
 * one binary search and allocates nothing. An IPv4 range costs 8 bytes, an IPv6 range 32.
 *
 * <p>IPv4 lies inside IPv6 as {@code ::ffff:0:0/96}, so {@code ::/0} is everybody, and {@code 0.0.0.0/0} only IPv4.
 */
public final class CidrSet {

    public static final CidrSet EMPTY = of(List.of());

    private final int[] ipv4Starts;
    private final int[] ipv4Ends;
    private final Ipv6Ranges ipv6;

    private CidrSet(int[] ipv4Starts, int[] ipv4Ends, Ipv6Ranges ipv6) {
        this.ipv4Starts = ipv4Starts;
        this.ipv4Ends = ipv4Ends;
        this.ipv6 = ipv6;
    }

    /** Blocks may overlap and come in any order. */
    public static CidrSet of(Collection<Cidr> blocks) {
        Range[] ranges = blocks.stream().map(Range::of).sorted().toArray(Range[]::new);
        int merged = merge(ranges);
        // A range that covers IPv4 and more (::/0) is held as both.
        Range[] ipv4 = Arrays.stream(ranges, 0, merged)
                .filter(Range::touchesIpv4)
                .map(Range::clampToIpv4)
                .toArray(Range[]::new);
        Range[] ipv6 = Arrays.stream(ranges, 0, merged)
                .filter(range -> !range.isIpv4())
                .toArray(Range[]::new);
        int[] starts = new int[ipv4.length];
        int[] ends = new int[ipv4.length];
        for (int i = 0; i < ipv4.length; i++) {
            starts[i] = ipv4[i].first.ipv4Bits();
            ends[i] = ipv4[i].last.ipv4Bits();
        }
        return new CidrSet(starts, ends, Ipv6Ranges.of(ipv6));
    }

    public boolean contains(IpAddress address) {
        return address.isIpv4() ? containsIpv4(address.ipv4Bits()) : ipv6.contains(address);
    }

    public boolean isEmpty() {
        return ipv4Starts.length == 0 && ipv6.isEmpty();
    }

    private boolean containsIpv4(int bits) {
        int low = 0;
        int high = ipv4Starts.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (Integer.compareUnsigned(ipv4Starts[middle], bits) <= 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high >= 0 && Integer.compareUnsigned(bits, ipv4Ends[high]) <= 0;
    }

    /** Merges sorted ranges in place and returns how many are left. */
    private static int merge(Range[] ranges) {
        int kept = 0;
        for (Range range : ranges) {
            if (kept > 0 && range.first.compareTo(ranges[kept - 1].last) <= 0) {
                if (range.last.compareTo(ranges[kept - 1].last) > 0) {
                    ranges[kept - 1] = new Range(ranges[kept - 1].first, range.last);
                }
            } else {
                ranges[kept++] = range;
            }
        }
        return kept;
    }

    private record Range(IpAddress first, IpAddress last) implements Comparable<Range> {
        private static final IpAddress FIRST_IPV4 = IpAddress.ofIpv4(0);
        private static final IpAddress LAST_IPV4 = IpAddress.ofIpv4(-1);

        static Range of(Cidr block) {
            return new Range(block.network(), block.last());
        }

        boolean touchesIpv4() {
            return first.compareTo(LAST_IPV4) <= 0 && last.compareTo(FIRST_IPV4) >= 0;
        }

        boolean isIpv4() {
            return first.isIpv4() && last.isIpv4();
        }

        Range clampToIpv4() {
            return new Range(
                    first.compareTo(FIRST_IPV4) < 0 ? FIRST_IPV4 : first,
                    last.compareTo(LAST_IPV4) > 0 ? LAST_IPV4 : last);
        }

        @Override
        public int compareTo(Range other) {
            return first.compareTo(other.first);
        }
    }

    /** Four longs a range: the first address, then the last. */
    private static final class Ipv6Ranges {
        private static final int LONGS = 4;

        private final long[] longs;

        private Ipv6Ranges(long[] longs) {
            this.longs = longs;
        }

        static Ipv6Ranges of(Range[] ranges) {
            long[] longs = new long[ranges.length * LONGS];
            for (int i = 0; i < ranges.length; i++) {
                longs[i * LONGS] = ranges[i].first.high();
                longs[i * LONGS + 1] = ranges[i].first.low();
                longs[i * LONGS + 2] = ranges[i].last.high();
                longs[i * LONGS + 3] = ranges[i].last.low();
            }
            return new Ipv6Ranges(longs);
        }

        boolean isEmpty() {
            return longs.length == 0;
        }

        boolean contains(IpAddress address) {
            int low = 0;
            int high = longs.length / LONGS - 1;
            while (low <= high) {
                int middle = (low + high) >>> 1;
                if (compare(middle * LONGS, address) <= 0) {
                    low = middle + 1;
                } else {
                    high = middle - 1;
                }
            }
            return high >= 0 && compare(high * LONGS + 2, address) >= 0;
        }

        private int compare(int index, IpAddress address) {
            int byHigh = Long.compareUnsigned(longs[index], address.high());
            return byHigh != 0 ? byHigh : Long.compareUnsigned(longs[index + 1], address.low());
        }
    }
}
