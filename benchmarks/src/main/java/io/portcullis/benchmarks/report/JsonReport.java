package io.portcullis.benchmarks.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import io.portcullis.benchmarks.result.Figure;
import io.portcullis.benchmarks.result.GoalResult;
import io.portcullis.benchmarks.result.Latency;
import io.portcullis.benchmarks.result.MachineDescription;
import io.portcullis.benchmarks.result.Measure;
import io.portcullis.benchmarks.result.PeerResult;
import io.portcullis.benchmarks.result.Report;
import io.portcullis.benchmarks.result.Round;
import io.portcullis.benchmarks.result.ScenarioResult;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The report for programs. docs/benchmarks.md tells the schema; whoever renames or removes something raises {@link #SCHEMA},
 * who adds something does not. What was not measured is null.
 */
public final class JsonReport {

    static final int SCHEMA = 1;

    private static final JsonFactory JSON = new JsonFactory();

    private final JsonGenerator json;

    private JsonReport(JsonGenerator json) {
        this.json = json;
    }

    /** Closes the writer. */
    public static void write(Report report, List<PeerConfiguration> configurations, Writer out) throws IOException {
        DefaultPrettyPrinter lines = new DefaultPrettyPrinter();
        lines.indentArraysWith(new DefaultIndenter("  ", "\n"));
        lines.indentObjectsWith(new DefaultIndenter("  ", "\n"));
        try (JsonGenerator json = JSON.createGenerator(out).setPrettyPrinter(lines)) {
            new JsonReport(json).report(report, configurations);
            json.writeRaw('\n');
        }
    }

    private void report(Report report, List<PeerConfiguration> configurations) throws IOException {
        json.writeStartObject();
        json.writeNumberField("schema", SCHEMA);
        run(report.run());
        machine(report.machine());
        array("goals", report.goals(), this::goal);
        array("scenarios", report.scenarios(), this::scenario);
        array("configurations", configurations, this::configuration);
        json.writeEndObject();
    }

    private void run(Report.Run run) throws IOException {
        json.writeStringField("started", run.started().toString());
        json.writeNumberField("took_seconds", run.took().toMillis() / 1000.0);
        json.writeObjectFieldStart("options");
        json.writeBooleanField("quick", run.options().quick());
        json.writeNumberField("rounds", run.options().rounds());
        json.writeNumberField("seconds", run.options().seconds());
        json.writeStringField("cores", run.options().cores());
        json.writeEndObject();
        json.writeObjectFieldStart("versions");
        for (Map.Entry<String, String> version : run.versions().entrySet()) {
            json.writeStringField(version.getKey(), version.getValue());
        }
        json.writeEndObject();
        array("warnings", run.warnings(), json::writeString);
    }

    private void machine(MachineDescription machine) throws IOException {
        json.writeObjectFieldStart("machine");
        json.writeStringField("processor", machine.processor().model());
        json.writeNumberField("cores", machine.processor().cores());
        text("governor", machine.processor().governor());
        json.writeNumberField("memory_bytes", machine.memoryBytes());
        json.writeStringField("kernel", machine.kernel());
        json.writeStringField("jdk", machine.jdk());
        number("load_average", machine.loadAverage());
        json.writeEndObject();
    }

    private void goal(GoalResult goal) throws IOException {
        json.writeStartObject();
        json.writeStringField("scenario", goal.scenario());
        json.writeStringField("goal", goal.goal());
        json.writeStringField("wanted", goal.wanted());
        json.writeStringField("measured", goal.measured());
        json.writeStringField("outcome", word(goal.outcome()));
        json.writeEndObject();
    }

    private void scenario(ScenarioResult scenario) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", scenario.subject().id());
        json.writeStringField("title", scenario.subject().title());
        json.writeStringField("what", scenario.subject().what());
        text("not_measured", scenario.notMeasured());
        array("notes", scenario.notes(), json::writeString);
        array("measures", scenario.measures(), this::measure);
        json.writeArrayFieldStart("ratios");
        for (Measure measure : scenario.measures()) {
            for (Comparison comparison : Comparison.of(scenario, measure)) {
                ratio(comparison);
            }
        }
        json.writeEndArray();
        json.writeArrayFieldStart("peers");
        for (PeerResult peer : scenario.peers()) {
            peer(scenario, peer);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void measure(Measure measure) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", measure.id());
        json.writeStringField("title", measure.title());
        json.writeStringField("unit", measure.unit());
        json.writeStringField("better", word(measure.better()));
        json.writeEndObject();
    }

    private void ratio(Comparison comparison) throws IOException {
        Optional<Figure> ratio = comparison.ratio();
        if (ratio.isPresent()) {
            json.writeStartObject();
            json.writeStringField("measure", comparison.measure().id());
            json.writeStringField("to", comparison.peer().peer());
            spread(ratio.get());
            json.writeStringField("judgement", comparison.judgement().word());
            json.writeEndObject();
        }
    }

    private void peer(ScenarioResult scenario, PeerResult peer) throws IOException {
        json.writeStartObject();
        json.writeStringField("peer", peer.peer());
        text("failure", peer.failure());
        text("fault", peer.fault());
        text("doubt", peer.doubt());
        json.writeObjectFieldStart("figures");
        for (Measure measure : scenario.measures()) {
            Optional<Figure> figure = peer.figure(measure);
            if (figure.isPresent()) {
                json.writeObjectFieldStart(measure.id());
                spread(figure.get());
                json.writeEndObject();
            }
        }
        json.writeEndObject();
        array("rounds", peer.rounds(), this::round);
        json.writeEndObject();
    }

    private void round(Round round) throws IOException {
        json.writeStartObject();
        json.writeNumberField("number", round.number());
        json.writeStringField("generator", round.work().generator());
        number("seconds", round.work().seconds());
        json.writeNumberField("requests", round.work().requests());
        json.writeNumberField("errors", round.work().errors());
        json.writeNumberField("cpu_user_us", round.usage().cpu().userMicros());
        json.writeNumberField("cpu_system_us", round.usage().cpu().systemMicros());
        json.writeNumberField("rss_bytes", round.usage().memory().rssBytes());
        json.writeNumberField("pss_bytes", round.usage().memory().pssBytes());
        latency(round.latency().orElse(null));
        json.writeObjectFieldStart("figures");
        for (Map.Entry<String, Double> figure : round.figures().entrySet()) {
            number(figure.getKey(), figure.getValue());
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private void latency(@Nullable Latency latency) throws IOException {
        if (latency == null) {
            json.writeNullField("latency_us");
            return;
        }
        json.writeObjectFieldStart("latency_us");
        number("p50", latency.p50());
        number("p99", latency.p99());
        number("p999", latency.p999());
        number("max", latency.max());
        json.writeBooleanField("load_was_late", latency.loadWasLate());
        json.writeEndObject();
    }

    private void configuration(PeerConfiguration configuration) throws IOException {
        json.writeStartObject();
        json.writeStringField("peer", configuration.peer());
        json.writeStringField("name", configuration.name());
        json.writeStringField("text", configuration.text());
        json.writeEndObject();
    }

    private void spread(Figure figure) throws IOException {
        number("median", figure.median());
        number("least", figure.least());
        number("greatest", figure.greatest());
    }

    /** JSON has no infinity, and no number that is none. */
    private void number(String name, double number) throws IOException {
        if (Double.isFinite(number)) {
            json.writeNumberField(name, number);
        } else {
            json.writeNullField(name);
        }
    }

    private void text(String name, Optional<String> text) throws IOException {
        json.writeFieldName(name);
        if (text.isPresent()) {
            json.writeString(text.get());
        } else {
            json.writeNull();
        }
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** Writes one element of an array. */
    private interface Element<T> {
        void write(T element) throws IOException;
    }

    private <T> void array(String name, List<T> elements, Element<T> writer) throws IOException {
        json.writeArrayFieldStart(name);
        for (T element : elements) {
            writer.write(element);
        }
        json.writeEndArray();
    }
}
