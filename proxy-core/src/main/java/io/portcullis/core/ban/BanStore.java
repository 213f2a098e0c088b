package io.portcullis.core.ban;

import io.portcullis.core.ban.Ban.Grounds;
import io.portcullis.core.net.ClientKey;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Where bans outlive the process.
 *
 * <p>What it is told as a listener it only notes, and writes behind: no call but {@link #start} and {@link #close}
 * waits for anything. A fault of the store is the store's: it is told to the operator, and decisions go on from memory.
 */
public interface BanStore extends BanListener, AutoCloseable {

    /**
     * Loads what was kept, before the first connection is accepted; blocks.
     *
     * @param known given every ban that is in force or is still remembered, without grounds, before this returns; a
     *     store that several machines share gives it later those that others made, on a thread of its own
     */
    void start(Consumer<Ban> known);

    /** Why a ban was made; {@link Grounds#UNTOLD} where that is not known any more. From any thread. */
    CompletionStage<Grounds> grounds(ClientKey client, BanScope scope, long since);

    /**
     * How it is at a moment.
     *
     * @param fault why what it is told cannot be written now, in words for the operator
     * @param waiting bans, and offences that led to them, that are not written yet
     */
    record Condition(Optional<String> fault, int waiting) {

        /** Of one that has nothing to write to. */
        public static final Condition GOOD = new Condition(Optional.empty(), 0);

        public boolean usable() {
            return fault.isEmpty();
        }
    }

    /** How it is now. From any thread. */
    default Condition condition() {
        return Condition.GOOD;
    }

    /** Writes what is still to be written; blocks, for a few seconds at most. */
    @Override
    void close();
}
