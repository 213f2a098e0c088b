package io.portcullis.server.observe.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** {@code docs/metrics.md} and the dashboard name every metric that there is, and none that there is not. */
class MetricsPageTest {

    private static final Path PAGE = Path.of("../docs/metrics.md");
    private static final Path DASHBOARD = Path.of("../docs/grafana-dashboard.json");
    private static final Pattern ROW = Pattern.compile("\\| `([a-z_]+)` \\| ([a-z]+) \\| ([^|]*) \\| .*");
    private static final Pattern NAME = Pattern.compile("\\b(?:portcullis|process|jvm)_[a-z_]+");

    private static final Set<String> KNOWN =
            Arrays.stream(Metric.values()).map(Metric::exposed).collect(Collectors.toSet());

    @Test
    void thePageHasEveryMetricWithItsTypeAndLabels() throws IOException {
        TreeMap<String, String> expected = new TreeMap<>();
        for (Metric metric : Metric.values()) {
            String type = metric.type() == Metric.Type.INFO ? "gauge" : lower(metric.type());
            String labels =
                    metric.labels().stream().map(label -> "`" + label + "`").collect(Collectors.joining(", "));
            expected.put(metric.exposed(), type + " " + labels);
        }
        TreeMap<String, String> documented = new TreeMap<>();
        for (String line : Files.readAllLines(PAGE)) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                documented.put(row.group(1), row.group(2) + " " + row.group(3));
            }
        }

        assertThat(documented).isEqualTo(expected);
    }

    private static String lower(Metric.Type type) {
        return type.name().toLowerCase(Locale.ROOT);
    }

    @Test
    void thePagesQueriesNameNoOthers() throws IOException {
        Set<String> unknown = names(Files.readString(PAGE));
        unknown.removeAll(KNOWN);
        unknown.removeAll(Set.of("process_", "jvm_"));

        assertThat(unknown).isEmpty();
    }

    /** If it breaks: an operator imports a dashboard with empty panels. */
    @Test
    void theDashboardIsJsonAndItsQueriesNameMetricsThatThereAre() throws IOException {
        List<String> queries = new ArrayList<>();
        int panels = 0;
        try (JsonParser json = new JsonFactory().createParser(DASHBOARD.toFile())) {
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                if (token == JsonToken.FIELD_NAME && json.currentName().equals("expr")) {
                    queries.add(json.nextTextValue());
                } else if (token == JsonToken.FIELD_NAME && json.currentName().equals("gridPos")) {
                    panels++;
                }
            }
        }
        Set<String> unknown = new TreeSet<>();
        queries.forEach(query -> unknown.addAll(names(query)));
        unknown.removeAll(KNOWN);

        assertThat(unknown).isEmpty();
        assertThat(queries)
                .hasSizeGreaterThan(30)
                .allMatch(query -> !names(query).isEmpty());
        assertThat(panels).isGreaterThan(20);
    }

    /** A histogram's parts are named after it. */
    private static Set<String> names(String text) {
        Set<String> names = new TreeSet<>();
        Matcher matcher = NAME.matcher(text);
        while (matcher.find()) {
            String name = matcher.group();
            String whole = name.replaceFirst("_(bucket|sum|count)$", "");
            names.add(KNOWN.contains(whole) ? whole : name);
        }
        return names;
    }

    @Test
    void namesAreAsPrometheusWantsThem() {
        assertThat(Metric.values())
                .allSatisfy(metric -> assertThat(metric.exposed())
                        .matches(
                                switch (metric.type()) {
                                    case COUNTER -> "[a-z_]+_total";
                                    case HISTOGRAM -> "[a-z_]+_seconds";
                                    case INFO -> "[a-z_]+_info";
                                    case GAUGE -> "[a-z_]+(?<!_total|_info|_count|_sum|_bucket)";
                                }));
    }
}
