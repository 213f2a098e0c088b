package io.portcullis.core.net;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An immutable set of addresses given as blocks.
 *
 * <p>The blocks are merged into disjoint ranges, held as sorted arrays of primitives, IPv4 apart from IPv6; a lookup is
 * one binary search and allocates nothing. An IPv4 range costs 8 bytes, an IPv6 range 32. Where there are many IPv4
 * ranges, a directory by the first 16 bits leaves a few steps of the search, in a few lines of the processor's cache.
 *
 * <p>IPv4 lies inside IPv6 as {@code ::ffff:0:0/96}, so {@code ::/0} is everybody, and {@code 0.0.0.0/0} only IPv4.
 */
public final class CidrSet {

    public static final CidrSet EMPTY = of(List.of());

    private static final int DIRECTORY_BITS = 16;

    /** Fewer ranges are searched as fast without. */
    private static final int WORTH_A_DIRECTORY = 1 << 12;

    private static final long LOW_32 = 0xFFFF_FFFFL;

    private final int[] ipv4Starts;
    private final int[] ipv4Ends;
    /** By the first bits of an address: the first range that starts there or later; one more entry for the end. */
    private final int[] directory;
    /** How far an address is shifted for its first bits. */
    private final int directoryShift;

    private final Ipv6Ranges ipv6;

    private CidrSet(int[] ipv4Starts, int[] ipv4Ends, Ipv6Ranges ipv6) {
        this.ipv4Starts = ipv4Starts;
        this.ipv4Ends = ipv4Ends;
        this.ipv6 = ipv6;
        int bits = ipv4Starts.length < WORTH_A_DIRECTORY ? 0 : DIRECTORY_BITS;
        this.directoryShift = 32 - bits;
        this.directory = new int[(1 << bits) + 1];
        int range = 0;
        for (int entry = 0; entry < directory.length; entry++) {
            while (range < ipv4Starts.length && entryOf(ipv4Starts[range]) < entry) {
                range++;
            }
            directory[entry] = range;
        }
    }

    /** Blocks may overlap and come in any order. */
    public static CidrSet of(Collection<Cidr> blocks) {
        Blocks sorted = new Blocks();
        for (Cidr block : blocks) {
            sorted.add(block.network().high(), block.network().low(), block.prefixLength());
        }
        sorted.sort();
        return of(sorted);
    }

    /** Of sorted blocks. */
    static CidrSet of(Blocks sorted) {
        Ipv6Ranges ipv6 = Ipv6Ranges.of(sorted);
        // A range that covers IPv4 and more (::/0) is held as both.
        if (ipv6.contains(0, IpAddress.IPV4_MAPPED)) {
            return new CidrSet(new int[] {0}, new int[] {-1}, ipv6);
        }
        int count = sorted.ipv4Count();
        int[] starts = new int[count];
        int[] ends = new int[count];
        int ranges = 0;
        long end = -2;
        for (int i = 0; i < count; i++) {
            long first = sorted.ipv4Network(i) & LOW_32;
            long last = first | (LOW_32 >>> sorted.ipv4Length(i));
            // Those that touch are merged as well.
            if (first > end + 1) {
                starts[ranges++] = (int) first;
            }
            end = Math.max(end, last);
            ends[ranges - 1] = (int) end;
        }
        return new CidrSet(trimmed(starts, ranges), trimmed(ends, ranges), ipv6);
    }

    public boolean contains(IpAddress address) {
        if (!address.isIpv4()) {
            return ipv6.contains(address.high(), address.low());
        }
        int bits = address.ipv4Bits();
        int range = lastIpv4At(bits);
        return range >= 0 && Integer.compareUnsigned(bits, ipv4Ends[range]) <= 0;
    }

    /** Whether any address of the block is among these. */
    public boolean intersects(Cidr block) {
        IpAddress last = block.last();
        if (isIpv4(block)) {
            int range = lastIpv4At(last.ipv4Bits());
            return range >= 0 && Integer.compareUnsigned(block.network().ipv4Bits(), ipv4Ends[range]) <= 0;
        }
        return ipv6.intersects(block.network(), last) || (ipv4Starts.length > 0 && block.contains(IpAddress.ofIpv4(0)));
    }

    /** Whether all addresses of the block are; false too for one of IPv6 that only several of these cover together. */
    public boolean contains(Cidr block) {
        IpAddress first = block.network();
        IpAddress last = block.last();
        if (isIpv4(block)) {
            int range = lastIpv4At(first.ipv4Bits());
            return range >= 0 && Integer.compareUnsigned(last.ipv4Bits(), ipv4Ends[range]) <= 0;
        }
        return ipv6.contains(first, last);
    }

    private static boolean isIpv4(Cidr block) {
        return block.network().isIpv4() && block.last().isIpv4();
    }

    public boolean isEmpty() {
        return ipv4Starts.length == 0 && ipv6.isEmpty();
    }

    /** The last range that starts there or before, which may be one of an earlier entry; -1 where none does. */
    private int lastIpv4At(int bits) {
        int entry = entryOf(bits);
        int low = directory[entry];
        int high = directory[entry + 1] - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (Integer.compareUnsigned(ipv4Starts[middle], bits) <= 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }

    private int entryOf(int bits) {
        return (int) ((bits & LOW_32) >>> directoryShift);
    }

    /** Two are the same where they have the same addresses, however these were written. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CidrSet set
                && Arrays.equals(ipv4Starts, set.ipv4Starts)
                && Arrays.equals(ipv4Ends, set.ipv4Ends)
                && Arrays.equals(ipv6.longs, set.ipv6.longs);
    }

    @Override
    public int hashCode() {
        return (Arrays.hashCode(ipv4Starts) * 31 + Arrays.hashCode(ipv4Ends)) * 31 + Arrays.hashCode(ipv6.longs);
    }

    private static int[] trimmed(int[] array, int length) {
        return array.length == length ? array : Arrays.copyOf(array, length);
    }

    /** Four longs a range: the first address, then the last. */
    private static final class Ipv6Ranges {
        private static final int LONGS = 4;

        private final long[] longs;

        private Ipv6Ranges(long[] longs) {
            this.longs = longs;
        }

        /** Blocks either contain one another or are disjoint, so a sorted one is in the last that is kept, or in none. */
        static Ipv6Ranges of(Blocks sorted) {
            long[] longs = new long[sorted.ipv6Count() * LONGS];
            int end = 0;
            for (int i = 0; i < sorted.ipv6Count(); i++) {
                long high = sorted.ipv6High(i);
                long low = sorted.ipv6Low(i);
                if (end == 0 || compare(longs, end - 2, high, low) < 0) {
                    int length = sorted.ipv6Length(i);
                    longs[end] = high;
                    longs[end + 1] = low;
                    longs[end + 2] = high | ~IpAddress.truncatedHigh(-1, length);
                    longs[end + 3] = low | ~IpAddress.truncatedLow(-1, length);
                    end += LONGS;
                }
            }
            return new Ipv6Ranges(longs.length == end ? longs : Arrays.copyOf(longs, end));
        }

        boolean isEmpty() {
            return longs.length == 0;
        }

        boolean contains(long addressHigh, long addressLow) {
            int range = lastAt(addressHigh, addressLow);
            return range >= 0 && compare(longs, range * LONGS + 2, addressHigh, addressLow) >= 0;
        }

        /** Whether one range has both. */
        boolean contains(IpAddress first, IpAddress last) {
            int range = lastAt(first.high(), first.low());
            return range >= 0 && compare(longs, range * LONGS + 2, last.high(), last.low()) >= 0;
        }

        boolean intersects(IpAddress first, IpAddress last) {
            int range = lastAt(last.high(), last.low());
            return range >= 0 && compare(longs, range * LONGS + 2, first.high(), first.low()) >= 0;
        }

        private int lastAt(long addressHigh, long addressLow) {
            int low = 0;
            int high = longs.length / LONGS - 1;
            while (low <= high) {
                int middle = (low + high) >>> 1;
                if (compare(longs, middle * LONGS, addressHigh, addressLow) <= 0) {
                    low = middle + 1;
                } else {
                    high = middle - 1;
                }
            }
            return high;
        }

        private static int compare(long[] longs, int index, long high, long low) {
            int byHigh = Long.compareUnsigned(longs[index], high);
            return byHigh != 0 ? byHigh : Long.compareUnsigned(longs[index + 1], low);
        }
    }
}
