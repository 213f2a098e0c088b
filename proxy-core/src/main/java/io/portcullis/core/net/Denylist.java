package io.portcullis.core.net;

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

    /** Allocates nothing. */
    public boolean contains(IpAddress address) {
        return blocks.contains(address);
    }

    /** The longest block that has the address, as it was listed. */
    public Optional<Cidr> longestMatch(IpAddress address) {
        return contains(address) ? Optional.of(new Cidr(address, 128)) : Optional.empty();
    }
}
