package io.portcullis.core.net;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * A program of classic BPF (McCanne and Jacobson 1993; Linux's networking/filter.rst) that throws away packets by their
 * source address, and lets through what is no IP. Immutable.
 *
 * <p>Sources are sorted, and a balanced tree of comparisons finds the one that an address could be in: some 11 steps of a
 * thousand. IPv6 takes a tree for each 32 bits that the sources' prefixes reach into, the next within the leaf of the one
 * before.
 */
public final class PacketFilter {

    /** BPF_MAXINSNS: the kernel takes no longer ones. */
    public static final int MOST_INSTRUCTIONS = 4096;

    /** {@code struct sock_filter} of linux/filter.h. */
    public static final int INSTRUCTION_BYTES = 8;

    /** SKF_NET_OFF: offsets from here on count from the beginning of the IP header. */
    private static final int IP_HEADER = -0x100000;

    private static final int IPV4_SOURCE = IP_HEADER + 12;
    private static final int IPV6_SOURCE = IP_HEADER + 8;
    private static final int VERSION = 0xF0;
    private static final int IPV4 = 0x40;
    private static final int IPV6 = 0x60;

    /** How many bits longer a prefix of IPv4 is in the 128-bit form. */
    private static final int IPV4_OFFSET = 96;

    /** What the kernel makes of a load at most: it looks whether the octets lie side by side. */
    private static final int LOAD_TRANSLATED = 12;

    /** {@code struct bpf_prog} and what the kernel puts before the first instruction. */
    private static final int OVERHEAD = 192;

    private static final Cidr ALL_OF_IPV4 = new Cidr(IpAddress.ofIpv4(0), IPV4_OFFSET);

    private final long[] instructions;

    private PacketFilter(long[] instructions) {
        this.instructions = instructions;
    }

    /**
     * The program that throws away what comes from these, which may overlap and come in any order. It may be too long: ask
     * {@link #length} and {@link #kernelBytes}.
     */
    public static PacketFilter dropping(Collection<Cidr> sources) {
        FilterAssembler assembler = new FilterAssembler();
        List<Cidr> ipv4 = new ArrayList<>();
        List<Cidr> ipv6 = new ArrayList<>();
        boolean allOfIpv4 = false;
        for (Cidr source : sources) {
            boolean isIpv4 = source.network().isIpv4() && source.prefixLength() >= IPV4_OFFSET;
            (isIpv4 ? ipv4 : ipv6).add(source);
            allOfIpv4 |= !isIpv4 && source.contains(ALL_OF_IPV4.network());
        }
        if (allOfIpv4) {
            ipv4 = List.of(ALL_OF_IPV4);
        }
        if (!ipv4.isEmpty() || !ipv6.isEmpty()) {
            int toIpv6 = ipv6.isEmpty() ? assembler.accept() : FilterTree.write(disjoint(ipv6), IPV6_SOURCE, assembler);
            int toIpv4 = ipv4.isEmpty()
                    ? assembler.accept()
                    : FilterTree.write(
                            disjoint(ipv4).stream()
                                    .map(PacketFilter::leftAligned)
                                    .toList(),
                            IPV4_SOURCE,
                            assembler);
            int otherwise = assembler.branch(FilterAssembler.IF_EQUAL, IPV6, toIpv6, assembler.accept());
            assembler.branch(FilterAssembler.IF_EQUAL, IPV4, toIpv4, otherwise);
            assembler.add(FilterAssembler.AND, VERSION);
            assembler.add(FilterAssembler.LOAD_OCTET, IP_HEADER);
        } else {
            assembler.accept();
        }
        return new PacketFilter(assembler.program());
    }

    /** Sorted, without those that are in another one. */
    private static List<Cidr> disjoint(List<Cidr> sources) {
        List<Cidr> sorted = new ArrayList<>(sources);
        sorted.sort(Comparator.comparing(Cidr::network).thenComparingInt(Cidr::prefixLength));
        List<Cidr> kept = new ArrayList<>(sorted.size());
        for (Cidr source : sorted) {
            if (kept.isEmpty() || !kept.get(kept.size() - 1).contains(source.network())) {
                kept.add(source);
            }
        }
        return kept;
    }

    /** An IPv4 source as if its 32 bits were the first of an IPv6 address. */
    private static Cidr leftAligned(Cidr ipv4) {
        return new Cidr(new IpAddress((long) ipv4.network().ipv4Bits() << 32, 0), ipv4.prefixLength() - IPV4_OFFSET);
    }

    /** Whether it lets everything through. */
    public boolean dropsNothing() {
        return instructions.length == 1;
    }

    /** How many instructions. */
    public int length() {
        return instructions.length;
    }

    /**
     * How many bytes the kernel charges for it at most. It translates a program into its own instructions, one, two or
     * three for one (bpf_convert_filter of Linux's net/core/filter.c); two programs at once while one replaces another,
     * and net.core.optmem_max bounds the sum.
     */
    public int kernelBytes() {
        int translated = 0;
        for (long instruction : instructions) {
            translated += switch (code(instruction)) {
                case FilterAssembler.LOAD_WORD, FilterAssembler.LOAD_OCTET -> LOAD_TRANSLATED;
                case FilterAssembler.RETURN -> 2;
                case FilterAssembler.IF_EQUAL, FilterAssembler.IF_GREATER, FilterAssembler.IF_AT_LEAST ->
                    (ifTrue(instruction) == 0 || ifFalse(instruction) == 0 ? 1 : 2)
                            + (operand(instruction) < 0 ? 1 : 0);
                default -> 1;
            };
        }
        return OVERHEAD + INSTRUCTION_BYTES * translated;
    }

    /** Writes it as an array of {@code struct sock_filter}, in the buffer's order, which must be the machine's. */
    public void writeTo(ByteBuffer buffer) {
        for (long instruction : instructions) {
            buffer.putShort((short) code(instruction))
                    .put((byte) ifTrue(instruction))
                    .put((byte) ifFalse(instruction))
                    .putInt(operand(instruction));
        }
    }

    /** An instruction's parts, from the highest bits on. */
    static long instruction(int code, int ifTrue, int ifFalse, int operand) {
        return (long) code << 48 | (long) ifTrue << 40 | (long) ifFalse << 32 | (operand & 0xFFFF_FFFFL);
    }

    private static int code(long instruction) {
        return (int) (instruction >>> 48);
    }

    private static int ifTrue(long instruction) {
        return (int) (instruction >>> 40) & 0xFF;
    }

    private static int ifFalse(long instruction) {
        return (int) (instruction >>> 32) & 0xFF;
    }

    private static int operand(long instruction) {
        return (int) instruction;
    }
}
