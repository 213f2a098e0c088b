package io.portcullis.server.store;

import io.portcullis.core.ban.Ban;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the engine what a file holds, each ban once, even where a damaged file is read a second time for what can be
 * saved. Used by one thread.
 */
final class Intake {
    private static final Logger LOG = LoggerFactory.getLogger(FileBanStore.LOG_NAME);

    private final Consumer<Ban> known;
    private @Nullable StoredKey last;
    private int given;

    Intake(Consumer<Ban> known) {
        this.known = known;
    }

    /** For an engine that has them already. */
    static Intake ofNothing() {
        return new Intake(ban -> {});
    }

    /** In the order of the keys. */
    void give(StoredKey key, Ban ban) {
        if (last != null && key.compareTo(last) <= 0) {
            return;
        }
        last = key;
        given++;
        try {
            known.accept(ban);
        } catch (RuntimeException bug) {
            // Not the file's fault: it must not be taken for a damaged one.
            LOG.error("the ban of {} could not be put into force again", ban.client(), bug);
        }
    }

    int given() {
        return given;
    }
}
