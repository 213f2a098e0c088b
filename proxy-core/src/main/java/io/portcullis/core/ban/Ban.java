package io.portcullis.core.ban;

import io.portcullis.core.config.JailConfig.Action;
import io.portcullis.core.net.ClientKey;
import java.util.List;

/**
 * A client is refused within a scope until a time.
 *
 * @param jail the jail that banned
 * @param since in milliseconds since the epoch
 * @param until in milliseconds since the epoch, exclusive; {@link #FOREVER} for a ban that only a person ends
 * @param evidence the last offences that led to it, oldest first, at most 10
 */
public record Ban(
        ClientKey client, BanScope scope, String jail, long since, long until, Action action, List<Offence> evidence) {

    public static final long FOREVER = Long.MAX_VALUE;

    public Ban {
        evidence = List.copyOf(evidence);
    }

    /**
     * Whether the ban has run out.
     *
     * @param now in milliseconds since the epoch
     */
    public boolean isOver(long now) {
        return until != FOREVER && now >= until;
    }
}
