package io.portcullis.server.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import io.portcullis.core.ban.Ban;
import io.portcullis.core.ban.BanScope;
import io.portcullis.core.ban.BanScope.AllHosts;
import io.portcullis.core.ban.BanScope.OneHost;
import io.portcullis.core.ban.Offence;
import io.portcullis.core.ban.Sentence;
import io.portcullis.core.ban.Sentence.Mode;
import io.portcullis.core.config.JailConfig.Action;
import io.portcullis.core.config.JailConfig.Drop;
import io.portcullis.core.config.JailConfig.Reject;
import io.portcullis.core.config.JailConfig.Tarpit;
import io.portcullis.core.net.Cidr;
import io.portcullis.core.net.ClientKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A ban as JSON, and back; docs/admin-api.md has the fields. */
public final class BanJson {

    private BanJson() {}

    /** Who, where, by which jail, how and until when; not why. */
    static void writeMembers(Ban ban, JsonGenerator json) throws IOException {
        json.writeStringField("client", ban.client().toString());
        writeScope(ban.scope(), json);
        json.writeStringField("jail", ban.jail());
        json.writeStringField("action", name(ban.action()));
        if (ban.action() instanceof Reject reject) {
            json.writeNumberField("reject_status", reject.status());
        }
        json.writeStringField("mode", word(ban.sentence().mode()));
        json.writeStringField("since", AdminJson.time(ban.since()));
        if (ban.until() == Ban.FOREVER) {
            json.writeNullField("until");
        } else {
            json.writeStringField("until", AdminJson.time(ban.until()));
        }
    }

    /** The whole ban as one object, as {@link #read} takes it. */
    static void write(Ban ban, JsonGenerator json) throws IOException {
        json.writeStartObject();
        writeMembers(ban, json);
        writeGrounds(ban.grounds(), json);
        json.writeEndObject();
    }

    static void writeGrounds(Ban.Grounds grounds, JsonGenerator json) throws IOException {
        json.writeStringField("reason", grounds.reason());
        json.writeArrayFieldStart("offences");
        for (Offence offence : grounds.offences()) {
            write(offence, json);
        }
        json.writeEndArray();
    }

    static void writeScope(BanScope scope, JsonGenerator json) throws IOException {
        if (scope instanceof OneHost host) {
            json.writeStringField("host", host.virtualHost());
        } else {
            json.writeNullField("host");
        }
    }

    static void write(Offence offence, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("time", AdminJson.time(offence.millis()));
        json.writeStringField("host", offence.virtualHost());
        json.writeStringField("jail", offence.jail());
        json.writeStringField("method", offence.method());
        json.writeStringField("path", offence.path());
        json.writeNumberField("status", offence.status());
        json.writeEndObject();
    }

    /** Reads the object on whose first token the parser stands; without grounds, {@link Ban.Grounds#UNTOLD}. */
    public static Ban read(JsonParser json) throws IOException {
        Parts parts = new Parts();
        AdminJson.object(json, parts::read);
        return parts.ban();
    }

    /**
     * The answer to an order.
     *
     * @param isNew false where a ban that lasts as long was there and is kept
     */
    public record Made(boolean isNew, Ban ban) {}

    /** Reads the object on whose first token the parser stands. */
    public static Made readMade(JsonParser json) throws IOException {
        Parts parts = new Parts();
        boolean[] isNew = {false};
        AdminJson.object(json, (name, value) -> {
            if (name.equals("made")) {
                isNew[0] = value.getBooleanValue();
            } else {
                parts.read(name, value);
            }
        });
        return new Made(isNew[0], parts.ban());
    }

    /**
     * The answer to an unban.
     *
     * @param bans those taken back, where it was one client's
     */
    public record Lifted(int count, List<Ban> bans) {}

    /** Reads the object on whose first token the parser stands. */
    public static Lifted readLifted(JsonParser json) throws IOException {
        int[] count = {0};
        List<Ban> bans = new ArrayList<>();
        AdminJson.object(json, (name, value) -> {
            switch (name) {
                case "unbanned" -> count[0] = value.getIntValue();
                case "bans" -> AdminJson.list(value, element -> bans.add(read(element)));
                default -> {} // a later version's
            }
        });
        return new Lifted(count[0], bans);
    }

    static Offence readOffence(JsonParser json) throws IOException {
        OffenceParts parts = new OffenceParts();
        AdminJson.object(json, parts::read);
        return new Offence(parts.millis, parts.host, parts.jail, parts.method, parts.path, parts.status);
    }

    static BanScope scope(@Nullable String host) {
        return host == null ? AllHosts.ALL_HOSTS : new OneHost(host);
    }

    static ClientKey client(String text) throws IOException {
        Cidr block = Cidr.parse(text);
        if (block == null) {
            throw new IOException("client: " + text + " (expected: an address or a block)");
        }
        return new ClientKey(block.network(), block.prefixLength());
    }

    /** The word for a constant: {@code DRY_RUN} is {@code dry-run}. */
    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String name(Action action) {
        return action instanceof Reject ? "reject" : word((Enum<?>) action);
    }

    /** What has been read of a ban so far. */
    private static final class Parts {
        private String client = "";
        private @Nullable String host;
        private String jail = "";
        private String action = "";
        private int rejectStatus;
        private String mode = "";
        private long since;
        private long until;
        private String reason = "";
        private final List<Offence> offences = new ArrayList<>();

        void read(String name, JsonParser json) throws IOException {
            switch (name) {
                case "client" -> client = json.getText();
                case "host" -> host = AdminJson.text(json);
                case "jail" -> jail = json.getText();
                case "action" -> action = json.getText();
                case "reject_status" -> rejectStatus = json.getIntValue();
                case "mode" -> mode = json.getText();
                case "since" -> since = AdminJson.millis(json.getText());
                case "until" -> {
                    String text = AdminJson.text(json);
                    until = text == null ? Ban.FOREVER : AdminJson.millis(text);
                }
                case "reason" -> reason = json.getText();
                case "offences" -> AdminJson.list(json, element -> offences.add(readOffence(element)));
                default -> {} // a later version's
            }
        }

        Ban ban() throws IOException {
            Action how = action.equals("reject")
                    ? new Reject(rejectStatus)
                    : action.equals("tarpit") ? Tarpit.TARPIT : Drop.DROP;
            Mode far = mode.equals("dry-run") ? Mode.DRY_RUN : mode.equals("forced") ? Mode.FORCED : Mode.ENFORCED;
            return new Ban(
                    BanJson.client(client),
                    new Sentence(scope(host), jail, how, far),
                    since,
                    until,
                    new Ban.Grounds(reason, offences));
        }
    }

    /** What has been read of an offence so far. */
    private static final class OffenceParts {
        private long millis;
        private String host = "";
        private String jail = "";
        private String method = "";
        private String path = "";
        private int status;

        void read(String name, JsonParser json) throws IOException {
            switch (name) {
                case "time" -> millis = AdminJson.millis(json.getText());
                case "host" -> host = json.getText();
                case "jail" -> jail = json.getText();
                case "method" -> method = json.getText();
                case "path" -> path = json.getText();
                case "status" -> status = json.getIntValue();
                default -> {} // a later version's
            }
        }
    }
}
