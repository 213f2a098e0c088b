package io.portcullis.server.observe;

import io.portcullis.core.ban.Ban;
import io.portcullis.core.ban.Offence;

/**
 * What the ban log tells: a ban fell, or was taken back.
 *
 * @param millis when, in milliseconds since the epoch
 */
record BanEvent(long millis, Kind kind, Ban ban) implements LogEntry {

    /** What happened, by the names that the JSON has for it. */
    enum Kind {
        BANNED,
        UNBANNED
    }

    @Override
    public int length() {
        int length = ban.grounds().reason().length();
        for (Offence offence : ban.evidence()) {
            length += offence.method().length() + offence.path().length();
        }
        return length;
    }
}
