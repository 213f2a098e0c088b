package io.portcullis.benchmarks.load.generator;

import io.portcullis.benchmarks.load.Load;
import io.portcullis.benchmarks.load.LoadResult;
import io.portcullis.benchmarks.load.RunningLoad;
import io.portcullis.benchmarks.load.Target;
import io.portcullis.benchmarks.process.ChildProcess;
import io.portcullis.benchmarks.process.CoreSet;
import io.portcullis.benchmarks.process.JavaProgram;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The load by a process of our own, for what no packaged tool does. {@code OwnLoad.of(Kind.OPEN).with(Option.RATE, 20_000)}
 *
 * @param options those that are not as {@link Kind} has them
 */
public record OwnLoad(Kind kind, Map<Option, List<String>> options) implements Load {

    /** No heap to speak of is needed; a pause of the collector would be one of the load. */
    private static final List<String> FLAGS = List.of(
            "-XX:+UseSerialGC",
            "-Xms96m",
            "-Xmx512m",
            "-Xmn64m",
            "-XX:-UsePerfData",
            "-Dio.netty.leakDetection.level=disabled",
            "-Dio.netty.buffer.checkBounds=false",
            "-Dio.netty.buffer.checkAccessible=false");

    private static final Duration SLACK = Duration.ofSeconds(10);

    /** For the JVM, and for the connections to stand. */
    private static final Duration TO_START = Duration.ofSeconds(1);

    public OwnLoad {
        EnumMap<Option, List<String>> copy = new EnumMap<>(Option.class);
        copy.putAll(options);
        options = Collections.unmodifiableMap(copy);
    }

    /** One as its kind has it. */
    public static OwnLoad of(Kind kind) {
        return new OwnLoad(kind, Map.of());
    }

    public OwnLoad with(Option option, long value) {
        return with(option, String.valueOf(value));
    }

    /** Durations, in seconds on the command line. */
    public OwnLoad with(Option option, Duration value) {
        return with(option, String.valueOf(value.toMillis() / 1e3));
    }

    /** @throws IllegalArgumentException for a value that the option doesn't take */
    public OwnLoad with(Option option, String value) {
        Map<Option, List<String>> more = new EnumMap<>(Option.class);
        more.putAll(options);
        List<String> values = new ArrayList<>(option.isMany() ? more.getOrDefault(option, List.of()) : List.of());
        values.add(option.check(value));
        more.put(option, List.copyOf(values));
        return new OwnLoad(kind, more);
    }

    @Override
    public String generator() {
        return "own, " + kind.title();
    }

    @Override
    public Duration estimate() {
        return TO_START.plus(seconds(Option.LEAD_IN)).plus(seconds(Option.SECONDS));
    }

    /** None for a kind that does not take the option. */
    private Duration seconds(Option option) {
        List<String> said = options.getOrDefault(option, kind.defaults().getOrDefault(option, List.of("0")));
        return Duration.ofMillis(Math.round(Double.parseDouble(said.get(0)) * 1e3));
    }

    @Override
    public RunningLoad prepare(Target target, CoreSet cores) throws IOException {
        LoadOptions all = new LoadOptions(kind, target, options);
        JavaProgram program = new JavaProgram(LoadMain.class, FLAGS, all.arguments());
        return new Running(ChildProcess.start("load " + kind.key(), program.command(), cores), all.bound());
    }

    private final class Running implements RunningLoad {

        private final ChildProcess process;
        private final Duration bound;

        Running(ChildProcess process, Duration bound) {
            this.process = process;
            this.bound = bound.plus(SLACK);
        }

        @Override
        public void awaitReady() throws IOException {
            process.awaitLine(LoadMain.READY, bound);
        }

        @Override
        public LoadResult measure() throws IOException {
            process.tell(LoadMain.GO);
            return OutcomeJson.read(generator(), process.awaitLine("{", bound));
        }

        @Override
        public void close() {
            process.close();
        }
    }
}
