package io.portcullis.core.config;

/** What answers a request whose host no virtual host claims. */
public sealed interface DefaultHost {

    /** The connection is closed, and nothing is said. */
    enum Close implements DefaultHost {
        CLOSE
    }

    /** 421 Misdirected Request (RFC 9110 section 15.5.20). */
    enum Reject implements DefaultHost {
        REJECT
    }

    /** A virtual host stands in, by its name. */
    record Named(String virtualHost) implements DefaultHost {}
}
