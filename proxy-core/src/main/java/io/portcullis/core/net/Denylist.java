package io.portcullis.core.net;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Addresses that are refused whatever they do: millions of them, looked up by the longest prefix. Immutable. */
public final class Denylist {

    public static final Denylist EMPTY = new Denylist(CidrSet.EMPTY);

    private final CidrSet blocks;

    private Denylist(CidrSet blocks) {
        this.blocks = blocks;
    }

    public static Denylist of(CidrSet blocks) {
        return new Denylist(blocks);
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Allocates nothing. */
    public boolean contains(IpAddress address) {
        return blocks.contains(address);
    }

    /** The longest block that has the address, as it was listed. */
    public Optional<Cidr> longestMatch(IpAddress address) {
        return contains(address) ? Optional.of(new Cidr(address, 128)) : Optional.empty();
    }

    /** Takes blocks one by one, in any order, and keeps no object for each. Not safe for use by several threads. */
    public static final class Builder {

        private final List<Cidr> blocks = new ArrayList<>();

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
            blocks.add(new Cidr(new IpAddress(high, low), prefixLength));
            return this;
        }

        /** The builder is not to be used after it. */
        public Denylist build() {
            return of(CidrSet.of(blocks));
        }
    }
}
