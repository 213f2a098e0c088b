package io.portcullis.server.http1;

/** Who sent a message, which says how it is read. */
public enum Sender {
    /** Anybody: nothing is let pass that two readers could read differently. */
    CLIENT,
    /** An application of our own, some of which are sloppy in ways that RFC 9112 has a proxy mend. */
    ENDPOINT
}
