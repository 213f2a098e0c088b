package io.portcullis.server.cli;

import io.portcullis.core.ban.Ban;
import io.portcullis.core.ban.Evidence;
import io.portcullis.core.ban.Offence;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What is held against a client, as lines for a person: the answer to {@code why}. */
final class EvidenceText {

    private static final DateTimeFormatter MILLIS =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);
    private static final DateTimeFormatter SECONDS =
            new DateTimeFormatterBuilder().appendInstant(0).toFormatter(Locale.ROOT);

    private EvidenceText() {}

    static List<String> lines(Evidence evidence) {
        List<String> lines = new ArrayList<>();
        if (evidence.isEmpty()) {
            lines.add("nothing is held against " + evidence.client());
            return lines;
        }
        lines.add(evidence.client() + (evidence.bans().isEmpty() ? " is not banned" : " is banned"));
        for (Ban ban : evidence.bans()) {
            lines.add("  on " + ban.scope() + " by jail " + ban.jail() + ", since " + time(SECONDS, ban.since()) + ", "
                    + (ban.until() == Ban.FOREVER ? "forever" : "until " + time(SECONDS, ban.until())) + ", for");
            ban.evidence().forEach(offence -> lines.add("    " + line(offence)));
        }
        for (Evidence.Counter counter : evidence.counters()) {
            lines.add("  on host " + counter.virtualHost() + " jail " + counter.jail() + " counts " + counter.count()
                    + " of " + counter.maxRetry() + " within " + text(counter.findTime()));
        }
        evidence.lastOffences().forEach(offence -> lines.add("    " + line(offence)));
        return lines;
    }

    private static String line(Offence offence) {
        return time(MILLIS, offence.millis()) + "  " + offence.virtualHost() + "  " + printable(offence.method()) + " "
                + printable(offence.path()) + " -> " + offence.status();
    }

    private static String time(DateTimeFormatter format, long millis) {
        return format.format(Instant.ofEpochMilli(millis));
    }

    /** {@code 1m}, {@code 1h30m}: as the configuration would have it, but days stand as hours. */
    private static String text(Duration duration) {
        return duration.toString().substring("PT".length()).toLowerCase(Locale.ROOT);
    }

    /** Strangers chose these characters, and a terminal would obey some of them. */
    private static String printable(String received) {
        StringBuilder text = new StringBuilder(received.length());
        for (int i = 0; i < received.length(); i++) {
            char c = received.charAt(i);
            if (c >= ' ' && c <= '~' && c != '\\') {
                text.append(c);
            } else {
                text.append(String.format(Locale.ROOT, c > 0xFF ? "\\u%04X" : "\\x%02X", (int) c));
            }
        }
        return text.toString();
    }
}
