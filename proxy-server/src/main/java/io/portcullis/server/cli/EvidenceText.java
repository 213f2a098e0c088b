package io.portcullis.server.cli;

import io.portcullis.core.ban.Ban;
import io.portcullis.core.ban.BanEngine;
import io.portcullis.core.ban.Evidence;
import io.portcullis.core.ban.Offence;
import io.portcullis.core.ban.Sentence;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What is held against a client, as lines for a person: the answer to {@code why}. Times are UTC, as in the ban log. */
final class EvidenceText {

    private static final DateTimeFormatter MILLIS =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);
    private static final DateTimeFormatter SECONDS =
            new DateTimeFormatterBuilder().appendInstant(0).toFormatter(Locale.ROOT);

    private final Evidence evidence;
    private final List<String> lines = new ArrayList<>();

    private EvidenceText(Evidence evidence) {
        this.evidence = evidence;
    }

    static List<String> lines(Evidence evidence) {
        EvidenceText text = new EvidenceText(evidence);
        text.begin();
        text.bans();
        text.counters();
        text.pastBans();
        return text.lines;
    }

    private void begin() {
        if (evidence.isEmpty()) {
            lines.add("nothing is held against " + evidence.client());
        } else {
            boolean isBanned = evidence.bans().stream().anyMatch(ban -> !ban.isDryRun());
            lines.add(evidence.client() + (isBanned ? " is banned" : " is not banned"));
        }
        evidence.exemption().ifPresent(why -> lines.add("  exempt, so never counted and never banned: " + why));
        evidence.denylisted().ifPresent(block -> lines.add("  refused at accept: the denylist has " + block));
    }

    private void bans() {
        for (Ban ban : evidence.bans()) {
            boolean hasOffences = !ban.evidence().isEmpty();
            String reason = ban.grounds().reason();
            lines.add((ban.isDryRun() ? "  dry run, refuses nobody: " : "  ")
                    + (ban.client().equals(evidence.client()) ? "" : ban.client() + " ")
                    + "on " + ban.scope() + " " + by(ban.jail())
                    + (ban.sentence().mode() == Sentence.Mode.FORCED ? ", even if exempt" : "")
                    + ", since " + seconds(ban.since()) + ", " + until(ban)
                    + (reason.isEmpty() ? "" : ", because \"" + Printable.of(reason) + "\"")
                    + (hasOffences ? ", for" : ""));
            ban.evidence().forEach(offence -> lines.add("    " + line(offence)));
        }
    }

    private void counters() {
        for (Evidence.Counter counter : evidence.counters()) {
            lines.add("  " + (counter.virtualHost().isEmpty() ? "" : "on host " + counter.virtualHost() + " ") + "jail "
                    + counter.jail() + " counts " + counter.count() + " of " + counter.maxRetry() + " within "
                    + text(counter.findTime()));
        }
        if (!evidence.lastOffences().isEmpty()) {
            lines.add("  last offences");
        }
        evidence.lastOffences().forEach(offence -> lines.add("    " + line(offence) + "  " + by(offence.jail())));
    }

    private void pastBans() {
        for (Evidence.PastBan past : evidence.pastBans()) {
            lines.add("  was banned on " + past.scope() + " " + by(past.jail()) + ", since " + seconds(past.since()));
        }
    }

    /** What was not said is left out: a client that timed out has sent no method, and got no status. */
    private static String line(Offence offence) {
        StringBuilder line = new StringBuilder(millis(offence.millis()));
        if (!offence.virtualHost().isEmpty()) {
            line.append("  ").append(offence.virtualHost());
        }
        String request = (Printable.of(offence.method()) + " " + Printable.of(offence.path())).strip();
        if (!request.isEmpty()) {
            line.append("  ").append(request);
        }
        if (offence.status() > 0) {
            line.append(" -> ").append(offence.status());
        }
        return line.toString();
    }

    /** {@code by jail NAME} or {@code by hand}. */
    static String by(String jail) {
        return jail.equals(BanEngine.BY_HAND) ? jail : "by jail " + jail;
    }

    /** {@code until} and the time, or {@code forever}. */
    static String until(Ban ban) {
        return ban.until() == Ban.FOREVER ? "forever" : "until " + seconds(ban.until());
    }

    static String seconds(long millis) {
        return SECONDS.format(Instant.ofEpochMilli(millis));
    }

    private static String millis(long millis) {
        return MILLIS.format(Instant.ofEpochMilli(millis));
    }

    /** {@code 1m}, {@code 1h30m}: as the configuration would have it, but days stand as hours. */
    static String text(Duration duration) {
        return duration.toString().substring("PT".length()).toLowerCase(Locale.ROOT);
    }
}
