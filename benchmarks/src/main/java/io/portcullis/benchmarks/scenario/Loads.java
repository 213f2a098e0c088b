package io.portcullis.benchmarks.scenario;

import io.portcullis.benchmarks.load.H2load;
import io.portcullis.benchmarks.load.Load;
import io.portcullis.benchmarks.load.LoadResult;
import io.portcullis.benchmarks.load.RunningLoad;
import io.portcullis.benchmarks.load.Target;
import io.portcullis.benchmarks.load.Wrk;
import io.portcullis.benchmarks.load.generator.Kind;
import io.portcullis.benchmarks.load.generator.Option;
import io.portcullis.benchmarks.load.generator.OwnLoad;
import io.portcullis.benchmarks.peer.RunningPeer;
import io.portcullis.benchmarks.process.CoreSet;
import io.portcullis.benchmarks.result.Usage;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** The loads of the scenarios, for as long as a round lasts. */
final class Loads {

    private static final String FIRST_SOURCE = "127.0.0.2";
    private static final int SOURCES = 50;

    private Loads() {}

    /** Requests for 100 octets on kept-alive connections: by wrk, where it is installed and the time suits it. */
    static Load closed(int connections, Duration duration) {
        boolean wholeSeconds = duration.toSeconds() > 0 && duration.toMillisPart() == 0;
        return wholeSeconds && Wrk.isInstalled()
                ? new Wrk(connections, duration, "/", List.of())
                : own(Kind.CLOSED, duration).with(Option.CONNECTIONS, connections);
    }

    static Load http2(int streams, Duration duration) {
        Duration wholeSeconds = Duration.ofSeconds(Math.max(1, Math.round(duration.toMillis() / 1e3)));
        return new H2load(1, streams, wholeSeconds, "/", List.of());
    }

    /**
     * A new connection each request. One address has 28,000 ports towards a proxy's, and each stays taken for a minute
     * after its connection: whoever is fast, or measured late, would run out of them.
     */
    static OwnLoad connections(Duration duration) {
        return own(Kind.CONNECT, duration).with(Option.SOURCE, FIRST_SOURCE).with(Option.SOURCES, SOURCES);
    }

    static OwnLoad own(Kind kind, Duration duration) {
        return OwnLoad.of(kind).with(Option.SECONDS, duration);
    }

    /** Runs it from its start to its end. */
    static LoadResult run(Load load, Target target, CoreSet cores) throws IOException {
        try (RunningLoad running = load.prepare(target, cores)) {
            running.awaitReady();
            return running.measure();
        }
    }

    /** Runs it, and looks at what the proxy uses meanwhile. That nothing at all was answered is a fault. */
    static Part measure(Load load, Target target, CoreSet cores, RunningPeer peer) throws IOException {
        try (RunningLoad running = load.prepare(target, cores)) {
            running.awaitReady();
            Usage before = peer.usage();
            LoadResult result = running.measure();
            Usage after = peer.usage();
            if (result.requests() == 0 && result.bytes() == 0) {
                throw new IOException("nothing was answered: " + result.errors());
            }
            return Part.of(result, before, after);
        }
    }
}
