package io.portcullis.server.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import io.portcullis.core.config.ConfigFinding;
import io.portcullis.core.config.ConfigProblem;
import io.portcullis.core.config.ConfigWarning;
import io.portcullis.server.admin.ReloadReport.Changes;
import io.portcullis.server.admin.ReloadReport.Hosts;
import io.portcullis.server.admin.ReloadReport.Listeners;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What became of a reload as JSON, and back; docs/admin-api.md has the fields. */
public final class ReloadJson {

    private ReloadJson() {}

    public static void write(ReloadReport report, JsonGenerator json) throws IOException {
        Changes changes = report.changes();
        json.writeStartObject();
        json.writeStringField("time", AdminJson.time(report.at()));
        json.writeBooleanField("applied", report.isApplied());
        json.writeNumberField("duration_ms", report.tookMillis());
        json.writeArrayFieldStart("problems");
        for (ConfigProblem problem : report.problems()) {
            write(problem, json);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("warnings");
        for (ConfigWarning warning : report.warnings()) {
            write(warning, json);
        }
        json.writeEndArray();
        AdminJson.writeTexts("needs_restart", changes.needsRestart(), json);
        json.writeObjectFieldStart("listeners");
        AdminJson.writeTexts("opened", changes.listeners().opened(), json);
        AdminJson.writeTexts("changed", changes.listeners().changed(), json);
        AdminJson.writeTexts("kept", changes.listeners().kept(), json);
        AdminJson.writeTexts("closed", changes.listeners().closed(), json);
        json.writeEndObject();
        json.writeObjectFieldStart("hosts");
        AdminJson.writeTexts("added", changes.hosts().added(), json);
        AdminJson.writeTexts("changed", changes.hosts().changed(), json);
        AdminJson.writeTexts("removed", changes.hosts().removed(), json);
        json.writeEndObject();
        AdminJson.writeTexts("settings", changes.settings(), json);
        json.writeEndObject();
    }

    private static void write(ConfigFinding finding, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("file", finding.file());
        if (finding.line() > 0) {
            json.writeNumberField("line", finding.line());
        } else {
            json.writeNullField("line");
        }
        json.writeStringField("path", finding.path());
        json.writeStringField("message", finding.message());
        json.writeEndObject();
    }

    /** Reads the object on whose first token the parser stands. */
    public static ReloadReport read(JsonParser json) throws IOException {
        Parts parts = new Parts();
        AdminJson.object(json, parts::read);
        return parts.report();
    }

    /** The members read so far. */
    private static final class Parts {
        private long at;
        private long tookMillis;
        private boolean applied;
        private final List<ConfigProblem> problems = new ArrayList<>();
        private final List<ConfigWarning> warnings = new ArrayList<>();
        /** By the member's name, with that of the object that it is in. */
        private final Map<String, List<String>> lists = new HashMap<>();

        void read(String name, JsonParser json) throws IOException {
            switch (name) {
                case "time" -> at = AdminJson.millis(json.getText());
                case "applied" -> applied = json.getBooleanValue();
                case "duration_ms" -> tookMillis = json.getLongValue();
                case "problems" -> AdminJson.list(json, element -> problems.add(problem(element)));
                case "warnings" ->
                    AdminJson.list(json, element -> {
                        ConfigProblem read = problem(element);
                        warnings.add(new ConfigWarning(read.file(), read.line(), read.path(), read.message()));
                    });
                case "listeners", "hosts" ->
                    AdminJson.object(json, (member, value) -> lists.put(name + "." + member, texts(value)));
                case "needs_restart", "settings" -> lists.put(name, texts(json));
                default -> {} // a later version's
            }
        }

        private static List<String> texts(JsonParser json) throws IOException {
            List<String> texts = new ArrayList<>();
            AdminJson.list(json, element -> texts.add(element.getText()));
            return texts;
        }

        private static ConfigProblem problem(JsonParser json) throws IOException {
            Map<String, String> texts = new HashMap<>();
            int[] line = {0};
            AdminJson.object(json, (name, value) -> {
                @Nullable String text = AdminJson.text(value);
                if (name.equals("line")) {
                    line[0] = text == null ? 0 : value.getIntValue();
                } else if (text != null) {
                    texts.put(name, text);
                }
            });
            return new ConfigProblem(
                    texts.getOrDefault("file", ""),
                    line[0],
                    texts.getOrDefault("path", ""),
                    texts.getOrDefault("message", ""));
        }

        private List<String> list(String name) {
            return lists.getOrDefault(name, List.of());
        }

        ReloadReport report() throws IOException {
            if (applied != problems.isEmpty()) {
                throw new IOException("applied: " + applied + " with " + problems.size() + " problems");
            }
            Listeners listeners = new Listeners(
                    list("listeners.opened"),
                    list("listeners.changed"),
                    list("listeners.kept"),
                    list("listeners.closed"));
            Hosts hosts = new Hosts(list("hosts.added"), list("hosts.changed"), list("hosts.removed"));
            return new ReloadReport(
                    at,
                    tookMillis,
                    problems,
                    warnings,
                    new Changes(listeners, hosts, list("settings"), list("needs_restart")));
        }
    }
}
