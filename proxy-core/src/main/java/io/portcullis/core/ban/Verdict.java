package io.portcullis.core.ban;

import io.portcullis.core.config.JailConfig.Action;

/** What enforcement obeys. Only an {@link Allow} reaches routing. */
public sealed interface Verdict {

    /** The client may go on. */
    enum Allow implements Verdict {
        ALLOW
    }

    /**
     * The client is refused.
     *
     * @param action how
     * @param until in milliseconds since the epoch; {@link Ban#FOREVER} for one without an end
     * @param reason the jail's name, or {@code denylist}
     */
    record Refuse(Action action, long until, String reason) implements Verdict {}
}
