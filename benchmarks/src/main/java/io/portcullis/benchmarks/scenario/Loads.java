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

    /** The same without a lead-in: the proxy is to have met just that. */
    static Load closedAtOnce(int connections, Duration duration) {
        Load closed = closed(connections, duration);
        return closed instanceof OwnLoad own ? own.with(Option.LEAD_IN, Duration.ZERO) : closed;
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
        try (RunningLoad running = start(load, target, cores)) {
            return running.measure();
        }
    }

    /** Starts it, and waits until it is ready. */
    static RunningLoad start(Load load, Target target, CoreSet cores) throws IOException {
        RunningLoad running = load.prepare(target, cores);
        try {
            running.awaitReady();
            return running;
        } catch (IOException | RuntimeException e) {
            running.close();
            throw e;
        }
    }

    /** Starts it, and measures once. */
    static Part measure(Load load, Target target, CoreSet cores, RunningPeer peer) throws IOException {
        try (RunningLoad running = start(load, target, cores)) {
            return measure(running, peer);
        }
    }

    /**
     * Measures with one that is ready, and looks at what the proxy uses meanwhile: not before, so that the load's lead-in is
     * nowhere in it. That nothing at all was answered is a fault.
     */
    static Part measure(RunningLoad ready, RunningPeer peer) throws IOException {
        Usage before = peer.usage();
        LoadResult result = ready.measure();
        Usage after = peer.usage();
        if (result.requests() == 0 && result.bytes() == 0) {
            throw new IOException("nothing was answered: " + result.errors());
        }
        return Part.of(result, before, after);
    }
}
