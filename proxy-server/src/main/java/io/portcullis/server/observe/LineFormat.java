package io.portcullis.server.observe;

/** How an entry becomes a line. Used by one thread. */
interface LineFormat<E extends LogEntry> {
    /** Appends one line with its line feed, the only one whatever the entry holds. */
    void append(E entry, LineBuffer out);
}
