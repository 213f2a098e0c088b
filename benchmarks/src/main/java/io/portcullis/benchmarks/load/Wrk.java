package io.portcullis.benchmarks.load;

import io.portcullis.benchmarks.process.ChildProcess;
import io.portcullis.benchmarks.process.CoreSet;
import io.portcullis.benchmarks.process.Program;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The load by wrk: a closed loop over kept-alive connections, with one thread.
 *
 * @param headers further header lines, {@code Name: value}; {@code Connection: close} makes each request a new connection
 */
public record Wrk(int connections, Duration duration, String path, List<String> headers) implements Load {

    /** wrk counts whole seconds only. */
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    private static final Pattern VERSION = Pattern.compile("wrk (?:debian/)?(\\d+(?:\\.\\d+)*)");

    public Wrk {
        if (connections < 1) {
            throw new IllegalArgumentException("connections: " + connections + " (expected: >= 1)");
        }
        if (duration.compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException("duration: " + duration.toMillis() + " ms (expected: >= 1 s)");
        }
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("path: " + path + " (expected: one that begins with /)");
        }
        headers = List.copyOf(headers);
    }

    public static boolean isInstalled() {
        return Program.find("wrk").isPresent();
    }

    @Override
    public String generator() throws IOException {
        return "wrk " + Program.require("wrk").version("-v", VERSION);
    }

    @Override
    public Duration estimate() {
        return duration;
    }

    @Override
    public RunningLoad prepare(Target target, CoreSet cores) throws IOException {
        Program wrk = Program.require("wrk");
        String generator = generator();
        return new ToolRun(
                () -> ChildProcess.start("wrk", wrk.command(arguments(target)), cores),
                duration,
                output -> WrkOutput.parse(generator, output));
    }

    private List<String> arguments(Target target) {
        List<String> arguments = new ArrayList<>(List.of(
                "--threads=1",
                "--connections=" + connections,
                "--duration=" + duration.toSeconds() + "s",
                "--timeout=10s",
                "--latency",
                "--header=Host: " + target.hostName(0)));
        for (String header : headers) {
            arguments.add("--header=" + header);
        }
        arguments.add((target.tls() ? "https://" : "http://") + target.address() + ":" + target.port() + path);
        return arguments;
    }
}
