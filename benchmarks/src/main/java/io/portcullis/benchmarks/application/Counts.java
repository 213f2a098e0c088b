package io.portcullis.benchmarks.application;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** How many requests each path has had. Of the event loop. */
final class Counts {

    private static final JsonFactory JSON = new JsonFactory();
    /** More paths than that are counted as one. */
    private static final int MOST_PATHS = 10_000;

    private static final String OTHERS = "others";

    private final Map<String, Counter> counters = new HashMap<>();

    /** The requests of one path. */
    static final class Counter {
        private long requests;

        void request() {
            requests++;
        }
    }

    Counter of(String path) {
        Counter known = counters.get(path);
        if (known != null) {
            return known;
        }
        return counters.computeIfAbsent(counters.size() < MOST_PATHS ? path : OTHERS, each -> new Counter());
    }

    void reset() {
        counters.values().forEach(counter -> counter.requests = 0);
    }

    String json() {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            for (Map.Entry<String, Counter> counter : new TreeMap<>(counters).entrySet()) {
                json.writeNumberField(counter.getKey(), counter.getValue().requests);
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }
}
