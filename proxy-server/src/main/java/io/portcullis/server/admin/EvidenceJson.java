package io.portcullis.server.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import io.portcullis.core.ban.Ban;
import io.portcullis.core.ban.Evidence;
import io.portcullis.core.ban.Evidence.Counter;
import io.portcullis.core.ban.Evidence.PastBan;
import io.portcullis.core.ban.Offence;
import io.portcullis.core.net.Cidr;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is held against a client as JSON, and back; docs/admin-api.md has the fields. */
public final class EvidenceJson {

    private EvidenceJson() {}

    /** One object. */
    static void write(Evidence evidence, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("client", evidence.client().toString());
        json.writeBooleanField("banned", evidence.bans().stream().anyMatch(ban -> !ban.isDryRun()));
        writeOrNull("exempt", evidence.exemption().orElse(null), json);
        writeOrNull("denylisted", evidence.denylisted().map(Cidr::toString).orElse(null), json);
        json.writeArrayFieldStart("bans");
        for (Ban ban : evidence.bans()) {
            BanJson.write(ban, json);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("counters");
        for (Counter counter : evidence.counters()) {
            write(counter, json);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("last_offences");
        for (Offence offence : evidence.lastOffences()) {
            BanJson.write(offence, json);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("past_bans");
        for (PastBan past : evidence.pastBans()) {
            json.writeStartObject();
            BanJson.writeScope(past.scope(), json);
            json.writeStringField("jail", past.jail());
            json.writeStringField("since", AdminJson.time(past.since()));
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void write(Counter counter, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("host", counter.virtualHost());
        json.writeStringField("jail", counter.jail());
        json.writeNumberField("count", counter.count());
        json.writeNumberField("max_retry", counter.maxRetry());
        json.writeNumberField("find_time_ms", counter.findTime().toMillis());
        json.writeEndObject();
    }

    private static void writeOrNull(String name, @Nullable String text, JsonGenerator json) throws IOException {
        if (text == null) {
            json.writeNullField(name);
        } else {
            json.writeStringField(name, text);
        }
    }

    /** Reads the object on whose first token the parser stands. */
    public static Evidence read(JsonParser json) throws IOException {
        Parts parts = new Parts();
        AdminJson.object(json, parts::read);
        return new Evidence(
                BanJson.client(parts.client),
                Optional.ofNullable(parts.exempt),
                Optional.ofNullable(parts.denylisted).map(Cidr::parse),
                parts.counters,
                parts.offences,
                parts.bans,
                parts.pastBans);
    }

    /** What has been read so far. */
    private static final class Parts {
        private String client = "";
        private @Nullable String exempt;
        private @Nullable String denylisted;
        private final List<Ban> bans = new ArrayList<>();
        private final List<Counter> counters = new ArrayList<>();
        private final List<Offence> offences = new ArrayList<>();
        private final List<PastBan> pastBans = new ArrayList<>();

        void read(String name, JsonParser json) throws IOException {
            switch (name) {
                case "client" -> client = json.getText();
                case "exempt" -> exempt = AdminJson.text(json);
                case "denylisted" -> denylisted = AdminJson.text(json);
                case "bans" -> AdminJson.list(json, element -> bans.add(BanJson.read(element)));
                case "counters" -> AdminJson.list(json, element -> counters.add(readCounter(element)));
                case "last_offences" -> AdminJson.list(json, element -> offences.add(BanJson.readOffence(element)));
                case "past_bans" -> AdminJson.list(json, element -> pastBans.add(readPastBan(element)));
                default -> {} // a later version's, or what follows from the others
            }
        }
    }

    private static Counter readCounter(JsonParser json) throws IOException {
        String[] texts = {"", ""};
        long[] numbers = new long[3];
        AdminJson.object(json, (name, value) -> {
            switch (name) {
                case "host" -> texts[0] = value.getText();
                case "jail" -> texts[1] = value.getText();
                case "count" -> numbers[0] = value.getLongValue();
                case "max_retry" -> numbers[1] = value.getLongValue();
                case "find_time_ms" -> numbers[2] = value.getLongValue();
                default -> {} // a later version's
            }
        });
        return new Counter(texts[0], texts[1], (int) numbers[0], (int) numbers[1], Duration.ofMillis(numbers[2]));
    }

    private static PastBan readPastBan(JsonParser json) throws IOException {
        @Nullable String[] host = {null};
        String[] texts = {"", AdminJson.time(0)};
        AdminJson.object(json, (name, value) -> {
            switch (name) {
                case "host" -> host[0] = AdminJson.text(value);
                case "jail" -> texts[0] = value.getText();
                case "since" -> texts[1] = value.getText();
                default -> {} // a later version's
            }
        });
        return new PastBan(BanJson.scope(host[0]), texts[0], AdminJson.millis(texts[1]));
    }
}
