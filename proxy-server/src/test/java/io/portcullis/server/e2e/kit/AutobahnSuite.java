package io.portcullis.server.e2e.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Autobahn's WebSocket suite: a client that sends a server all that RFC 6455 allows and much that it forbids, and says how
 * the server took it. Written in Python 2, so Jython runs it, in a process of its own.
 */
public final class AutobahnSuite {

    /** Which cases, in its own words; a star stands for any. */
    public record Cases(List<String> chosen, List<String> leftOut) {}

    /**
     * How a server took a case.
     *
     * @param behaviour OK, NON-STRICT, INFORMATIONAL, FAILED and others
     * @param atClose the same of the connection's end
     * @param closeCode what the server's close frame said, or None
     */
    public record Result(String behaviour, String atClose, String closeCode) {}

    /**
     * Runs the cases against each server, one after the other.
     *
     * @param ports of 127.0.0.1, by the name that the server's results are given under
     * @return by the server's name, then by case
     */
    public static Map<String, Map<String, Result>> run(
            Path directory, Map<String, Integer> ports, Cases cases, Duration limit) throws IOException {
        Path results = directory.resolve("autobahn.results");
        Path specification =
                Files.writeString(directory.resolve("autobahn.json"), specification(directory, ports, cases));
        ToolRun run = ToolRun.of(
                limit,
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        // Jython keeps what it has learned about jars, by default beside its own.
                        "-Dpython.cachedir=" + directory.resolve("jython"),
                        "-cp",
                        ConformanceSuites.jar("jython-standalone")
                                + File.pathSeparator
                                + ConformanceSuites.jar("autobahntestsuite-maven-plugin"),
                        "org.python.util.jython",
                        script().toString(),
                        specification.toString(),
                        results.toString()));
        assertThat(results).as(run.output()).exists();
        return read(results);
    }

    private static String specification(Path directory, Map<String, Integer> ports, Cases cases) {
        String servers = ports.entrySet().stream()
                .map(server -> "{\"agent\": \"" + server.getKey() + "\", \"url\": \"ws://127.0.0.1:" + server.getValue()
                        + "/echo\", \"options\": {\"version\": 18}}")
                .collect(Collectors.joining(", "));
        return "{\"outdir\": \"" + directory + "\", \"servers\": [" + servers + "], \"cases\": "
                + quoted(cases.chosen()) + ", \"exclude-cases\": " + quoted(cases.leftOut())
                + ", \"exclude-agent-cases\": {}}";
    }

    private static String quoted(List<String> words) {
        return words.stream().map(word -> "\"" + word + "\"").collect(Collectors.joining(", ", "[", "]"));
    }

    private static Path script() {
        URL script = Objects.requireNonNull(AutobahnSuite.class.getResource("/run-autobahn.py"), "run-autobahn.py");
        try {
            return Path.of(script.toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(script.toString(), e);
        }
    }

    private static Map<String, Map<String, Result>> read(Path results) throws IOException {
        Map<String, Map<String, Result>> byServer = new TreeMap<>();
        for (String line : Files.readAllLines(results)) {
            String[] words = line.split("\t", -1);
            byServer.computeIfAbsent(words[0], server -> new TreeMap<>())
                    .put(words[1], new Result(words[2], words[3], words[4]));
        }
        return byServer;
    }

    private AutobahnSuite() {}
}
