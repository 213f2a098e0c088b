package io.portcullis.server.observe;

import static io.portcullis.server.observe.JsonMembers.name;
import static io.portcullis.server.observe.JsonMembers.text;

import io.portcullis.core.ban.Ban;
import io.portcullis.core.ban.BanScope.OneHost;
import io.portcullis.core.ban.Offence;
import io.portcullis.core.config.JailConfig.Action;
import io.portcullis.core.config.JailConfig.Reject;
import java.util.Locale;

/**
 * One JSON object a line, in ASCII: {@code event} ({@code banned}, {@code unbanned}) and {@code time}, then the members
 * that the admin API has for a ban, by the same names (docs/admin-api.md). They are a contract: members may be added at
 * the end, none is renamed.
 */
final class BanJsonFormat implements LineFormat<BanEvent> {
    private final UtcTime time = new UtcTime();

    @Override
    public void append(BanEvent event, LineBuffer out) {
        Ban ban = event.ban();
        out.ascii("{\"event\":\"").ascii(word(event.kind())).ascii('"');
        time("time", event.millis(), out);
        text("client", ban.client().toString(), out);
        text("host", ban.scope() instanceof OneHost host ? host.virtualHost() : null, out);
        text("jail", ban.jail(), out);
        appendAction(ban.action(), out);
        text("mode", word(ban.sentence().mode()), out);
        time("since", ban.since(), out);
        if (ban.until() == Ban.FOREVER) {
            text("until", null, out);
        } else {
            time("until", ban.until(), out);
        }
        text("reason", ban.grounds().reason(), out);
        name("offences", out).ascii('[');
        boolean first = true;
        for (Offence offence : ban.evidence()) {
            if (!first) {
                out.ascii(',');
            }
            first = false;
            append(offence, out);
        }
        out.ascii("]}\n");
    }

    private static void appendAction(Action action, LineBuffer out) {
        if (action instanceof Reject reject) {
            text("action", "reject", out);
            name("reject_status", out).number(reject.status());
        } else {
            text("action", word((Enum<?>) action), out);
        }
    }

    private void append(Offence offence, LineBuffer out) {
        out.ascii("{\"time\":\"");
        time.append(offence.millis(), out);
        out.ascii('"');
        text("host", offence.virtualHost(), out);
        text("jail", offence.jail(), out);
        text("method", offence.method(), out);
        text("path", offence.path(), out);
        name("status", out).number(offence.status());
        out.ascii('}');
    }

    private void time(String name, long millis, LineBuffer out) {
        name(name, out).ascii('"');
        time.append(millis, out);
        out.ascii('"');
    }

    /** The word for a constant: {@code DRY_RUN} is {@code dry-run}. */
    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
