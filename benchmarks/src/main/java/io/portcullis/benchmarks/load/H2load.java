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
 * The load by h2load: a closed loop of HTTP/2 streams, with one thread. Over TLS by ALPN, without it with prior knowledge.
 *
 * @param streams at once on each connection
 * @param headers further header lines, {@code Name: value}
 */
public record H2load(int connections, int streams, Duration duration, String path, List<String> headers)
        implements Load {

    /** h2load counts whole seconds only. */
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    private static final Pattern VERSION = Pattern.compile("h2load nghttp2/(\\S+)");

    public H2load {
        if (connections < 1 || streams < 1) {
            throw new IllegalArgumentException(
                    "connections: " + connections + ", streams: " + streams + " (expected: each >= 1)");
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
        return Program.find("h2load").isPresent();
    }

    @Override
    public String generator() throws IOException {
        return "h2load " + Program.require("h2load").version("--version", VERSION);
    }

    @Override
    public Duration estimate() {
        return duration;
    }

    @Override
    public RunningLoad prepare(Target target, CoreSet cores) throws IOException {
        Program h2load = Program.require("h2load");
        String generator = generator();
        return new ToolRun(
                () -> ChildProcess.start("h2load", h2load.command(arguments(target)), cores),
                duration,
                output -> H2loadOutput.parse(generator, output));
    }

    private List<String> arguments(Target target) {
        List<String> arguments = new ArrayList<>(List.of(
                "--threads=1",
                "--clients=" + connections,
                "--max-concurrent-streams=" + streams,
                "--duration=" + duration.toSeconds(),
                "--connect-to=" + target.address() + ":" + target.port()));
        for (String header : headers) {
            arguments.add("--header=" + header);
        }
        arguments.add((target.tls() ? "https://" : "http://") + target.hostName(0) + path);
        return arguments;
    }
}
