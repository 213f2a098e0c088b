package io.portcullis.server.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import io.portcullis.core.ban.Ban;
import io.portcullis.server.admin.AdminJson;
import io.portcullis.server.admin.BanJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ban}: bans by hand. */
@Command(
        name = "ban",
        mixinStandardHelpOptions = true,
        header = "Ban a client by hand, at once.",
        description = {
            "Its open connections end, and new ones are reset. Without --host it is banned on all hosts. A ban that lasts"
                    + " longer already stays as it is. Exempt addresses (allowlist, trusted proxies, the machine's own"
                    + " and its gateways) are not banned unless --force is given."
        },
        footer = {
            "  portcullis ban 192.0.2.7                        for 10 minutes, on all hosts",
            "  portcullis ban 192.0.2.7 --host shop --for 7d --reason 'scrapes prices'",
            "  portcullis ban 2001:db8::/48 --for forever      until somebody unbans it"
        },
        exitCodeList = {
            "0:banned, now or already",
            "1:not banned: exempt, or no such virtual host",
            "2:wrong usage",
            "3:no process answers"
        })
final class BanCommand extends AdminCommand {

    @Parameters(
            paramLabel = "ADDRESS",
            description =
                    "whom: an IPv4 or IPv6 address, or a block such as 192.0.2.0/24. An IPv6 address stands for its"
                            + " whole prefix (bans.ipv6-prefix)")
    private String address = "";

    @Option(names = "--host", paramLabel = "H", description = "from this virtual host only, by the name of its file")
    private @Nullable String host;

    @Option(names = "--for", paramLabel = "TIME", description = "how long: 30m, 1h, 7d, or forever (default: 10m)")
    private @Nullable String time;

    @Option(names = "--reason", paramLabel = "TEXT", description = "why, for whoever asks later")
    private @Nullable String reason;

    @Option(names = "--force", description = "even if the address is exempt: you may lock yourself out")
    private boolean force;

    @Override
    void checkUsage() {
        checkAddress(address);
    }

    @Override
    int run(AdminClient process) throws AdminFailure {
        return process.post("/v1/bans", order(), json -> {
            if (wantsJson()) {
                copy(json);
            } else {
                tell(json);
            }
            return ExitCode.DONE;
        });
    }

    private void tell(JsonParser json) throws IOException {
        // The document tells first whether the ban is new, then what it is; the rest is a ban's own.
        json.nextToken();
        BanJson.Made made = BanJson.readMade(json);
        Ban ban = made.ban();
        String what = ban.client() + " on " + ban.scope() + " " + EvidenceText.until(ban);
        if (made.isNew()) {
            String length = ban.until() == Ban.FOREVER
                    ? ""
                    : " (" + EvidenceText.text(Duration.ofMillis(ban.until() - ban.since())) + ")";
            out().println("banned " + what + length);
        } else {
            out().println("banned already: " + what + " " + EvidenceText.by(ban.jail())
                    + ", which lasts as long or longer and stays");
        }
    }

    private byte[] order() {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try (JsonGenerator json = AdminJson.writer(body)) {
            json.writeStartObject();
            json.writeStringField("address", address);
            write("host", host, json);
            write("for", time, json);
            write("reason", reason, json);
            json.writeBooleanField("force", force);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return body.toByteArray();
    }

    private static void write(String name, @Nullable String text, JsonGenerator json) throws IOException {
        if (text != null) {
            json.writeStringField(name, text);
        }
    }
}
