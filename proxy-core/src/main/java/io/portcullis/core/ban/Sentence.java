package io.portcullis.core.ban;

import io.portcullis.core.config.JailConfig.Action;

/**
 * What a ban means for whoever is banned, apart from when: the part that all bans by the same jail share.
 *
 * @param jail the jail that banned, {@link BanEngine#BY_HAND} and the like
 */
public record Sentence(BanScope scope, String jail, Action action, Mode mode) {

    /** How far it is obeyed. */
    public enum Mode {
        /** Refuses all but the exempt. */
        ENFORCED,
        /** Refuses nobody: what a jail on trial would have done. */
        DRY_RUN,
        /** Refuses even the exempt, because a person insisted. */
        FORCED
    }
}
