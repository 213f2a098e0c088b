package io.portcullis.server.admin;

import io.portcullis.core.ban.Ban;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * How this process hands its work to a successor, which is another one on the same machine with the same configuration:
 * {@link #begin}, and when that one accepts connections {@link #depart}. Thread-safe; the calls may block.
 */
public interface Handover {

    /** What the successor is told, in order. */
    sealed interface News permits Banned, Unbanned, Listed, Retired, Alive {}

    /** A ban that is in force here. */
    record Banned(Ban ban) implements News {}

    record Unbanned(Ban ban) implements News {}

    /**
     * What there was to tell at the beginning has been told; what follows happens from then on.
     *
     * @param isAll whether each ban in force was told. Else the others are in the store's file
     */
    record Listed(boolean isAll) implements News {}

    /** Nothing is accepted here any more. */
    record Retired() implements News {}

    /** Nothing new. */
    record Alive() implements News {}

    /** Who is told. */
    interface Audience {
        void tell(News news) throws IOException;
    }

    /** What one successor is told, until one of both ends. */
    interface Lease extends AutoCloseable {

        /** Tells, before what is {@link #next}, which bans the successor does not find in the store; once. */
        void list(Audience audience) throws IOException;

        /** The next; waits for it a moment, and is then told that there is none. Null when there will be none any more. */
        @Nullable
        News next() throws InterruptedException;

        /** The successor is gone. If it never served, this process goes on as if nothing had been. */
        @Override
        void close();
    }

    /**
     * Lets go of what only one process can have, so that the successor can take it.
     *
     * @param successor its process id
     * @throws Refusal if that cannot be just now
     */
    Lease begin(long successor) throws Refusal;

    /**
     * The successor serves: this process accepts nothing new, drains with patience and ends.
     *
     * @throws Refusal if it is not the one that has begun
     */
    void depart(long successor) throws Refusal;

    /** The refusal of what cannot be just now. */
    static Refusal refusal(String error, String expected) {
        return new Refusal(409, error, expected);
    }
}
