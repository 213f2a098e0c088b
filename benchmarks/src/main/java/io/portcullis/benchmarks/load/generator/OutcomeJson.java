package io.portcullis.benchmarks.load.generator;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.portcullis.benchmarks.load.LoadResult;
import io.portcullis.benchmarks.load.Percentiles;
import java.io.IOException;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.HdrHistogram.Histogram;

/**
 * The line in which the load process says what came of it: {@code {"kind":…, "seconds":…, "requests":…, "bytes":…,
 * "errors":{…}, "latency":{"p50":…, "p90":…, "p99":…, "p999":…, "max":…}, "figures":{…}}}, times of latency in
 * microseconds. Without an answer there is no latency.
 */
final class OutcomeJson {

    private static final JsonFactory JSON = new JsonFactory();

    private OutcomeJson() {}

    static String write(LoadOptions options, Outcome outcome) throws IOException {
        Tally tally = outcome.tally();
        StringWriter line = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(line)) {
            json.writeStartObject();
            json.writeStringField("kind", options.kind().key());
            json.writeNumberField("seconds", outcome.seconds());
            json.writeNumberField("requests", tally.requests());
            json.writeNumberField("bytes", tally.octets());
            json.writeObjectFieldStart("errors");
            for (Map.Entry<String, Long> error : tally.errors().entrySet()) {
                json.writeNumberField(error.getKey(), error.getValue());
            }
            json.writeEndObject();
            Histogram latency = tally.latencies();
            json.writeObjectFieldStart("latency");
            if (latency.getTotalCount() > 0) {
                json.writeNumberField("p50", latency.getValueAtPercentile(50));
                json.writeNumberField("p90", latency.getValueAtPercentile(90));
                json.writeNumberField("p99", latency.getValueAtPercentile(99));
                json.writeNumberField("p999", latency.getValueAtPercentile(99.9));
                json.writeNumberField("max", latency.getMaxValue());
            }
            json.writeEndObject();
            json.writeObjectFieldStart("figures");
            for (Map.Entry<String, Double> figure : tally.figures().entrySet()) {
                json.writeNumberField(figure.getKey(), figure.getValue());
            }
            json.writeEndObject();
            json.writeEndObject();
        }
        return line.toString();
    }

    static LoadResult read(String generator, String line) throws IOException {
        Map<String, Double> numbers = new LinkedHashMap<>();
        Map<String, Map<String, Double>> groups = new LinkedHashMap<>();
        try (JsonParser json = JSON.createParser(line)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                JsonToken value = json.nextToken();
                if (value == JsonToken.START_OBJECT) {
                    groups.put(name, numbers(json));
                } else if (value.isNumeric()) {
                    numbers.put(name, json.getDoubleValue());
                }
            }
        }
        Map<String, Long> errors = new LinkedHashMap<>();
        group(groups, "errors", line).forEach((kind, count) -> errors.put(kind, Math.round(count)));
        return new LoadResult(
                generator,
                number(numbers, "seconds", line),
                Math.round(number(numbers, "requests", line)),
                errors,
                Math.round(number(numbers, "bytes", line)),
                latency(group(groups, "latency", line), line),
                group(groups, "figures", line));
    }

    private static Optional<Percentiles> latency(Map<String, Double> latency, String line) throws IOException {
        if (latency.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Percentiles(
                number(latency, "p50", line),
                number(latency, "p90", line),
                number(latency, "p99", line),
                OptionalDouble.of(number(latency, "p999", line)),
                number(latency, "max", line)));
    }

    private static Map<String, Double> numbers(JsonParser json) throws IOException {
        Map<String, Double> numbers = new LinkedHashMap<>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            numbers.put(name, json.getDoubleValue());
        }
        return numbers;
    }

    private static double number(Map<String, Double> numbers, String name, String line) throws IOException {
        Double number = numbers.get(name);
        if (number == null) {
            throw new IOException("the load said: " + line + " (expected: with \"" + name + "\")");
        }
        return number;
    }

    private static Map<String, Double> group(Map<String, Map<String, Double>> groups, String name, String line)
            throws IOException {
        Map<String, Double> group = groups.get(name);
        if (group == null) {
            throw new IOException("the load said: " + line + " (expected: with \"" + name + "\")");
        }
        return group;
    }
}
