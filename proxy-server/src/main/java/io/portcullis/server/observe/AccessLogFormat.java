package io.portcullis.server.observe;

/** How a record becomes a line. Used by one thread. */
interface AccessLogFormat {
    /** Appends one line with its line feed, the only one whatever the record holds. */
    void append(AccessRecord entry, LineBuffer out);
}
