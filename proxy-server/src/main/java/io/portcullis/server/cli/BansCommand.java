package io.portcullis.server.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.portcullis.core.ban.Ban;
import io.portcullis.core.ban.BanScope.OneHost;
import io.portcullis.core.config.JailConfig.Drop;
import io.portcullis.core.config.JailConfig.Reject;
import io.portcullis.server.admin.AdminJson;
import io.portcullis.server.admin.BanJson;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bans}: who is banned. */
@Command(
        name = "bans",
        mixinStandardHelpOptions = true,
        header = "List who is banned, by which jail, until when.",
        description = {
            "By address: client, virtual host (* for all), jail, since, until (UTC), action. A table on a terminal; else"
                    + " one line a ban, with a tab between columns and no heading.",
            "'portcullis why ADDRESS' tells what led to a ban."
        },
        footer = {
            "  portcullis bans                        everybody who is banned from anything",
            "  portcullis bans --host shop            from the virtual host of hosts.d/shop.conf",
            "  portcullis bans | cut -f 3 | sort | uniq -c | sort -rn     bans by jail"
        },
        exitCodeList = {
            "0:done, also where nobody is banned",
            "1:no such virtual host",
            "2:wrong usage",
            "3:no process" + " answers"
        })
final class BansCommand extends AdminCommand {

    /** One request's; few enough that a page is there at once. */
    private static final int PAGE = 10_000;

    @Option(
            names = "--host",
            paramLabel = "H",
            description = "only the bans of this virtual host, by the name of its file; bans on all hosts are not among"
                    + " them")
    private @Nullable String host;

    @Override
    int run(AdminClient process) throws AdminFailure {
        if (wantsJson()) {
            printJson(process);
        } else if (Terminal.isStdout()) {
            printTable(process);
        } else {
            eachPage(process, json -> out().println(Table.plain(row(BanJson.read(json)))));
        }
        return ExitCode.DONE;
    }

    private void printJson(AdminClient process) throws AdminFailure {
        try (JsonGenerator generator = AdminJson.writer(out())) {
            generator.writeStartObject();
            generator.writeArrayFieldStart("bans");
            eachPage(process, generator::copyCurrentStructure);
            generator.writeEndArray();
            generator.writeEndObject();
        } catch (IOException e) {
            throw new AdminFailure(ExitCode.NOT_SO, "stdout: " + e.getMessage());
        }
        out().println();
    }

    private void printTable(AdminClient process) throws AdminFailure {
        Table table = new Table("CLIENT", "HOST", "JAIL", "SINCE", "UNTIL", "ACTION");
        eachPage(process, json -> table.row(row(BanJson.read(json))));
        if (table.isEmpty()) {
            out().println("nobody is banned" + (host == null ? "" : " on host " + Printable.of(host)));
        } else {
            print(table);
        }
    }

    /** What takes one ban; the parser stands on its first token. */
    private interface OneBan {
        void take(JsonParser json) throws IOException;
    }

    private void eachPage(AdminClient process, OneBan each) throws AdminFailure {
        String target = "/v1/bans?limit=" + PAGE + (host == null ? "" : "&host=" + AdminClient.encoded(host));
        String next = "";
        do {
            String after = next.isEmpty() ? "" : "&after=" + AdminClient.encoded(next);
            next = process.get(target + after, json -> page(json, each));
        } while (!next.isEmpty());
    }

    /** @return where the next page begins, empty after the last */
    private static String page(JsonParser json, OneBan each) throws IOException {
        String next = "";
        for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
            if (token == JsonToken.START_ARRAY) {
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    each.take(json);
                }
            } else if (token == JsonToken.VALUE_STRING) {
                next = json.getText();
            }
        }
        return next;
    }

    private static List<String> row(Ban ban) {
        String how = ban.action() instanceof Reject reject
                ? "reject " + reject.status()
                : ban.action() == Drop.DROP ? "drop" : "tarpit";
        String mode = switch (ban.sentence().mode()) {
            case ENFORCED -> "";
            case DRY_RUN -> " (dry run)";
            case FORCED -> " (forced)";
        };
        return List.of(
                ban.client().toString(),
                ban.scope() instanceof OneHost one ? one.virtualHost() : "*",
                ban.jail(),
                EvidenceText.seconds(ban.since()),
                ban.until() == Ban.FOREVER ? "forever" : EvidenceText.seconds(ban.until()),
                how + mode);
    }
}
