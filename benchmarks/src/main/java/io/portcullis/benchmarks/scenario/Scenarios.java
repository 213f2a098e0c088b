package io.portcullis.benchmarks.scenario;

import io.portcullis.benchmarks.load.H2load;
import io.portcullis.benchmarks.load.generator.Kind;
import io.portcullis.benchmarks.load.generator.Option;
import io.portcullis.benchmarks.peer.Feature;
import io.portcullis.benchmarks.result.ScenarioResult.Subject;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** All scenarios. */
public final class Scenarios {

    /** What answers the first questions: as fast as what I had? how much memory? does it ban, and what does a flood cost? */
    private static final Set<String> QUICK = Set.of("small-64-jails", "half-rate", "leak", "flood", "start");

    private static final String OBJECT = "Requests for 100 octets";

    private Scenarios() {}

    /** In the order in which they run, and stand in reports. Made anew for each run. */
    public static List<Scenario> all() {
        return List.of(
                small(1),
                small(64),
                small(1_000),
                jails(),
                accessLog(),
                connect(),
                download("1m", "1 MiB", 1 << 20),
                download("64m", "64 MiB", 64 << 20),
                upload(),
                handshake(),
                tls(),
                http2(),
                new IdleConnections(),
                hosts(),
                webSocket(),
                new HalfRate(),
                new Leak(1),
                new Leak(32),
                Flood.byProxy(),
                Flood.byKernel(),
                storm(),
                new StartUp());
    }

    /** Whether the scenario is one of the few that a quick run has time for. */
    public static boolean isQuick(Scenario scenario) {
        return QUICK.contains(scenario.subject().id());
    }

    private static LoadScenario small(int connections) {
        String on = connections == 1 ? "one kept-alive connection" : connections + " kept-alive connections";
        return new LoadScenario(
                new Subject(
                        "small-" + connections,
                        "small answers, " + on,
                        OBJECT + " over " + on + ", the next as soon as the answer is there."),
                duration -> Loads.closed(connections, duration),
                Figures.per("request"));
    }

    private static LoadScenario jails() {
        return new LoadScenario(
                        new Subject(
                                "small-64-jails",
                                "small answers, ten jails active",
                                OBJECT
                                        + " over 64 kept-alive connections. Portcullis has ten jails on the host, none of"
                                        + " which the answers match; the others have nothing of the kind."),
                        duration -> Loads.closed(64, duration),
                        Figures.per("request"))
                .with(Feature.JAILS);
    }

    private static LoadScenario accessLog() {
        return new LoadScenario(
                        new Subject(
                                "small-64-log",
                                "small answers, with the access log on",
                                OBJECT + " over 64 kept-alive connections, each of them written to a file."),
                        duration -> Loads.closed(64, duration),
                        Figures.per("request"))
                .needing(Feature.ACCESS_LOG);
    }

    private static LoadScenario connect() {
        return new LoadScenario(
                new Subject(
                        "connect",
                        "a new connection each request",
                        OBJECT + ", each over a connection of its own, 16 at once, from 50 addresses in turn."),
                Loads::connections,
                Figures.per("request"));
    }

    private static LoadScenario download(String id, String size, int octets) {
        return new LoadScenario(
                new Subject(
                        "download-" + id,
                        "answers of " + size,
                        "Answers of " + size + " over 8 kept-alive connections."),
                duration -> Loads.own(Kind.DOWNLOAD, duration).with(Option.PATH, "/bytes/" + octets),
                Figures.perGib());
    }

    private static LoadScenario upload() {
        return new LoadScenario(
                new Subject("upload-1m", "uploads of 1 MiB", "Uploads of 1 MiB over 8 kept-alive connections."),
                duration -> Loads.own(Kind.UPLOAD, duration),
                Figures.perGib());
    }

    private static LoadScenario handshake() {
        return new LoadScenario(
                        new Subject(
                                "tls-handshake",
                                "new TLS handshakes",
                                "A full handshake for each request, ECDSA with P-256, nothing resumed. The first figure is how"
                                        + " many of them a second of the proxy's CPU is enough for."),
                        Loads::connections,
                        Figures.handshakes())
                .noting(
                        "The load's core is done before the proxy's: how many handshakes there were in a second of the clock"
                                + " says what the load can do. So a proxy is judged by handshakes a second of its own CPU, which is"
                                + " what it could do with a core that is busy with nothing else.",
                        "All peers agree on TLS 1.3 and X25519. Browsers of today also offer X25519MLKEM768, which a proxy that knows"
                                + " it, as Portcullis does, agrees on and which then costs it more.")
                .needing(Feature.TLS);
    }

    private static LoadScenario tls() {
        return new LoadScenario(
                        new Subject(
                                "tls-small",
                                "small answers over TLS",
                                OBJECT + " over 64 kept-alive connections with TLS."),
                        duration -> Loads.closed(64, duration),
                        Figures.per("request"))
                .needing(Feature.TLS);
    }

    private static LoadScenario http2() {
        return new LoadScenario(
                        new Subject(
                                "http2",
                                "HTTP/2, 50 streams",
                                OBJECT + " over one connection of HTTP/2 with TLS, 50 streams at once."),
                        duration -> Loads.http2(50, duration),
                        Figures.per("request"))
                .needing(Feature.TLS)
                .needing(Feature.HTTP2)
                .obstructedBy(
                        H2load.isInstalled()
                                ? Optional.empty()
                                : Optional.of("h2load is not installed (Debian: apt-get install nghttp2-client)"));
    }

    private static LoadScenario hosts() {
        return new LoadScenario(
                        new Subject(
                                "hosts",
                                "10,000 virtual hosts",
                                OBJECT + " over 64 kept-alive connections, each for the next of 10,000 virtual hosts."),
                        duration -> Loads.own(Kind.CLOSED, duration).with(Option.HOSTS, 10_000),
                        Figures.per("request"))
                .hosts(10_000);
    }

    private static LoadScenario webSocket() {
        return new LoadScenario(
                        new Subject(
                                "websocket",
                                "WebSocket echo",
                                "Messages of 125 octets over 64 WebSockets, the next as soon as the echo is there."),
                        duration -> Loads.own(Kind.WEBSOCKET, duration),
                        Figures.per("message"))
                .needing(Feature.WEBSOCKET);
    }

    private static LoadScenario storm() {
        return new LoadScenario(
                        new Subject(
                                "storm",
                                "ban storm",
                                "10,000 requests a second, each in the name of a new client that is banned for its answer,"
                                        + " with the bans stored in a file."),
                        duration -> Loads.own(Kind.STORM, duration),
                        Figures.perAtARate("ban"))
                .banning()
                .needing(Feature.STORM);
    }
}
