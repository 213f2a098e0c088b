package io.portcullis.server.store;

import io.portcullis.core.ban.BanStore;
import io.portcullis.server.store.ChangeQueue.Change;
import java.util.List;

/** A store of a file that is closed for another process to open, which may find that the file lacks some of the bans. */
interface LendableStore extends BanStore {

    /** Whether all that the file holds has been given to who started the store. From any thread. */
    boolean isLoaded();

    /** What was told and is not in the file. After {@link #close}. */
    Unwritten unwritten();

    /**
     * What a file lacks.
     *
     * @param isUnbounded whether it may lack bans in force that nobody has kept note of
     * @param changes those that are noted, the oldest first
     */
    record Unwritten(boolean isUnbounded, List<Change> changes) {}
}
