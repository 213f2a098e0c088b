package io.portcullis.server.observe;

import io.portcullis.core.ban.Ban;
import io.portcullis.core.ban.BanEngine;
import io.portcullis.core.ban.Offence;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** A ban in words: one line with its evidence; one on trial, what it would have been. */
final class BanText {
    /** As many offences as a ban keeps; with so many there may have been more. */
    private static final int MAX_EVIDENCE = 10;

    private static final String DRY_RUN = " (dry run)";

    private BanText() {}

    static void append(BanEvent event, LineBuffer line) {
        switch (event.kind()) {
            case BANNED -> appendBanned(event.ban(), line);
            case UNBANNED -> appendUnbanned(event.ban(), line);
        }
        if (event.ban().isDryRun()) {
            line.ascii(DRY_RUN);
        }
    }

    private static void appendUnbanned(Ban ban, LineBuffer line) {
        line.ascii("unbanned ").ascii(ban.client().toString());
        line.ascii(" on ").hexEscaped(ban.scope().toString());
        appendMaker(ban, line.ascii(" (banned"));
        line.ascii(')');
    }

    private static void appendBanned(Ban ban, LineBuffer line) {
        line.ascii(ban.isDryRun() ? "would have banned " : "banned ");
        line.ascii(ban.client().toString());
        line.ascii(" on ").hexEscaped(ban.scope().toString());
        if (ban.until() == Ban.FOREVER) {
            line.ascii(" forever");
        } else {
            Instant until = Instant.ofEpochMilli(ban.until()).truncatedTo(ChronoUnit.SECONDS);
            line.ascii(" until ").ascii(until.toString());
            line.ascii(" (")
                    .ascii(ShortDuration.text(ban.until() - ban.since()))
                    .ascii(')');
        }
        appendMaker(ban, line);
        String reason = ban.grounds().reason();
        if (!reason.isEmpty()) {
            line.ascii(": ").hexEscaped(reason);
        }
        if (!ban.evidence().isEmpty()) {
            line.ascii(reason.isEmpty() ? ": " : "; ");
            appendEvidence(ban.evidence(), line);
        }
    }

    private static void appendMaker(Ban ban, LineBuffer line) {
        if (ban.jail().equals(BanEngine.BY_HAND)) {
            line.ascii(" by hand");
        } else {
            line.ascii(" by jail ").hexEscapedWord(ban.jail());
        }
    }

    private static void appendEvidence(List<Offence> evidence, LineBuffer line) {
        Offence last = evidence.get(evidence.size() - 1);
        int count = evidence.size();
        if (count >= MAX_EVIDENCE) {
            line.ascii("last ");
        }
        line.number(count).ascii(count == 1 ? " offence" : " offences");
        if (count > 1) {
            line.ascii(" in ")
                    .ascii(ShortDuration.text(last.millis() - evidence.get(0).millis()));
        }
        line.ascii(", last ").hexEscapedWord(last.method());
        line.ascii(' ').hexEscapedWord(last.path());
        line.ascii(" -> ").number(last.status());
    }
}
