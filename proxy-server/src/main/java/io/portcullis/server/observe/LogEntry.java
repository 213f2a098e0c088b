package io.portcullis.server.observe;

/** What becomes a line of a log. Immutable. */
interface LogEntry {
    /** How many characters of strangers' choosing it holds, at any time the same: so much of the queue it takes. */
    int length();
}
