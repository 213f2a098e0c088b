package io.portcullis.server.exchange;

import io.portcullis.core.ban.Ban;

/**
 * What goes on on a client's connection: its arrival, until it is known what the client speaks, and then the exchanges of
 * one HTTP version.
 *
 * <p>Called on the connection's event loop only.
 */
public interface Conversation {

    /** The connection's time-out struck. */
    void timedOut();

    /** A ban of the client has fallen: what it covers ends now. */
    void endFor(Ban ban);

    /** The process shuts down or the listener is gone, or there is less patience than a moment ago: what is under way here is the last. */
    void drain(Patience patience);

    /** What the connection waits for. */
    Waiting waiting();

    /** There are as many connections as there may be: one on which nothing is under way ends at once. */
    void makeWay();

    /** What a connection waits for, as far as it matters to one that has no place. */
    enum Waiting {
        /** The client, who has not said a thing. */
        SILENT,
        /** The client's next request. */
        IDLE,
        /** The end of something that is under way. */
        BUSY
    }

    /** The connection is lost. What is under way hears of it by its channel. */
    default void closed() {}
}
