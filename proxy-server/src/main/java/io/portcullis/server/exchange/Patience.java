package io.portcullis.server.exchange;

/** What a process that drains does about connections on which nothing is under way. */
public enum Patience {
    /** They end at once: nobody serves here any more. */
    SHORT,
    /**
     * They are let be until their next exchange, whose answer says that it was the last. Another process serves by now,
     * and a client that is just sending a request would lose it.
     */
    LONG
}
