package io.portcullis.benchmarks.load;

import io.portcullis.benchmarks.process.ChildProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A run of a packaged tool, which measures from its start to its end and says what it found as text. */
final class ToolRun implements RunningLoad {

    /** What a tool may take beyond its measurement: to connect, to wait for the last answers, to print. */
    private static final Duration SLACK = Duration.ofSeconds(20);

    private final Start start;
    private final Duration duration;
    private final Parser parser;
    private @Nullable ChildProcess process;

    /** Starts the tool. */
    interface Start {
        ChildProcess start() throws IOException;
    }

    /** Reads what the tool says. */
    interface Parser {
        LoadResult parse(List<String> output) throws IOException;
    }

    /** @param duration how long the tool measures */
    ToolRun(Start start, Duration duration, Parser parser) {
        this.start = start;
        this.duration = duration;
        this.parser = parser;
    }

    /** These tools connect when they measure. */
    @Override
    public void awaitReady() {}

    @Override
    public LoadResult measure() throws IOException {
        ChildProcess running = start.start();
        process = running;
        List<String> output = running.awaitOutput(duration.plus(SLACK));
        int exit = running.awaitEnd(SLACK);
        if (exit != 0) {
            throw new IOException("ended with " + exit + ": " + running.complaints() + String.join("\n", output));
        }
        return parser.parse(output);
    }

    @Override
    public void close() {
        if (process != null) {
            process.close();
        }
    }
}
