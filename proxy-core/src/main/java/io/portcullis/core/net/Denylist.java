package io.portcullis.core.net;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Addresses that are refused whatever they do: millions of them. Immutable.
 *
 * <p>Held twice, as arrays of primitives: merged into ranges, for the question that every request asks, and block by
 * block as they were listed, to tell people why an address is refused. A single IPv4 address costs 13 bytes; while the
 * list is built, 25 to 30.
 */
public final class Denylist {

    public static final Denylist EMPTY = builder().build();

    private final CidrSet ranges;
    private final ListedBlocks listed;

    private Denylist(CidrSet ranges, ListedBlocks listed) {
        this.ranges = ranges;
        this.listed = listed;
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Allocates nothing. */
    public boolean contains(IpAddress address) {
        return ranges.contains(address);
    }

    /** Whether all addresses of the block are; see {@link CidrSet#contains(Cidr)}. */
    public boolean contains(Cidr block) {
        return ranges.contains(block);
    }

    /** The longest block that has the address, as it was listed. For people: a search for each length in use. */
    public Optional<Cidr> longestMatch(IpAddress address) {
        return contains(address) ? listed.longestMatch(address) : Optional.empty();
    }

    /** How many distinct blocks were listed. */
    public int size() {
        return listed.size();
    }

    /** Two are the same where they refuse the same addresses; how these were listed matters only to people. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Denylist list && ranges.equals(list.ranges);
    }

    @Override
    public int hashCode() {
        return ranges.hashCode();
    }

    /** Takes blocks one by one, in any order, and keeps no object for each. Not safe for use by several threads. */
    public static final class Builder {

        private Blocks blocks = new Blocks();

        private Builder() {}

        public Builder add(Cidr block) {
            return add(block.network().high(), block.network().low(), block.prefixLength());
        }

        /**
         * Adds a block by its bits; those after the prefix are cleared.
         *
         * @param high the first 64 bits of its network, in {@link IpAddress}'s form
         * @param low the last 64 bits
         * @param prefixLength 0 to 128, in the 128-bit form
         */
        public Builder add(long high, long low, int prefixLength) {
            blocks.add(high, low, prefixLength);
            return this;
        }

        /** The list; the builder is empty afterwards. */
        public Denylist build() {
            Blocks sorted = blocks;
            blocks = new Blocks();
            sorted.sort();
            return new Denylist(CidrSet.of(sorted), ListedBlocks.of(sorted));
        }
    }
}
