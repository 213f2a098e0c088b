package io.portcullis.benchmarks.load.generator;

import io.netty.buffer.ByteBuf;

/** The requests of a load, built before. Of the event loop. */
interface Requests {

    /** A view for one connection, which is the caller's to release. */
    ByteBuf view();

    /** Puts the next request into a view that {@link #view} gave: its readable octets. */
    void next(ByteBuf view);

    /** Lets go of what was built. Views may outlive it. */
    void close();

    /** How many octets follow each head. */
    default long bodyOctets() {
        return 0;
    }

    /** Up to that many octets of a body, which are the caller's to release. */
    default ByteBuf bodyPart(long most) {
        throw new UnsupportedOperationException("these requests have no body");
    }
}
