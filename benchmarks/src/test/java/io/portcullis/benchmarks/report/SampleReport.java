package io.portcullis.benchmarks.report;

import io.portcullis.benchmarks.result.Cpu;
import io.portcullis.benchmarks.result.GoalResult;
import io.portcullis.benchmarks.result.GoalResult.Outcome;
import io.portcullis.benchmarks.result.Latency;
import io.portcullis.benchmarks.result.MachineDescription;
import io.portcullis.benchmarks.result.MachineDescription.Processor;
import io.portcullis.benchmarks.result.Measure;
import io.portcullis.benchmarks.result.Memory;
import io.portcullis.benchmarks.result.PeerResult;
import io.portcullis.benchmarks.result.Report;
import io.portcullis.benchmarks.result.Report.Options;
import io.portcullis.benchmarks.result.Round;
import io.portcullis.benchmarks.result.ScenarioResult;
import io.portcullis.benchmarks.result.ScenarioResult.Subject;
import io.portcullis.benchmarks.result.Usage;
import io.portcullis.benchmarks.result.Work;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** A report as a long run leaves it, the same each time: close calls, clear ones, failures, what was left out. */
final class SampleReport {

    private static final int ROUNDS = 5;
    private static final long MIB = 1024 * 1024;
    private static final List<String> PEERS = List.of("portcullis", "nginx", "haproxy", "caddy", "httpd");

    private static final Measure CPU = Measure.less("cpu", "CPU a request", "µs");
    private static final Measure RATE = Measure.more("rate", "requests a second", "1/s");
    private static final Measure P99 = Measure.less("p99", "p99", "µs").latency();

    private final Random random = new Random(6);

    private SampleReport() {}

    static Report report() {
        return new SampleReport().whole();
    }

    /** One of each kind: with latencies, with a failure, not measured at all; two rounds of three peers. */
    static Report small() {
        Report whole = report();
        List<ScenarioResult> scenarios = whole.scenarios().stream()
                .filter(scenario -> Set.of("upload-1m", "http2", "half-rate")
                        .contains(scenario.subject().id()))
                .map(scenario -> new ScenarioResult(
                        scenario.subject(),
                        scenario.measures(),
                        scenario.peers().stream()
                                .limit(3)
                                .map(SampleReport::twoRounds)
                                .toList(),
                        scenario.notes(),
                        scenario.notMeasured()))
                .toList();
        return new Report(whole.run(), whole.machine(), scenarios, whole.goals());
    }

    private static PeerResult twoRounds(PeerResult peer) {
        return new PeerResult(peer.peer(), peer.rounds().stream().limit(2).toList(), peer.failure());
    }

    static List<PeerConfiguration> configurations() {
        return List.of(
                new PeerConfiguration(
                        "nginx", "nginx.conf", "worker_processes 1;\nevents { worker_connections 65536; }\n"),
                new PeerConfiguration("haproxy", "haproxy.cfg", "global\n  nbthread 1\n  # a < b && c > \"d\"\n"));
    }

    private Report whole() {
        List<ScenarioResult> scenarios = new ArrayList<>();
        scenarios.add(requests("small-1", "Small answers, 1 connection", 31, 33, 30, 88, 95));
        scenarios.add(requests("small-64", "Small answers, 64 connections", 15.1, 18.3, 17.9, 61.5, 58));
        scenarios.add(requests("small-1000", "Small answers, 1,000 connections", 16.9, 18.1, 18.4, 66, 71));
        scenarios.add(requests("small-64-jails", "Small answers, ten jails on every host", 15.3, 18.3, 17.9, 61.5, 58));
        scenarios.add(requests("small-64-log", "Small answers, with the access log", 16.4, 20.2, 21.1, 70, 63));
        scenarios.add(requests("connect", "A new connection each request", 64, 52, 49, 150, 132));
        scenarios.add(transfer("download-1m", "1 MiB answers"));
        scenarios.add(transfer("download-64m", "64 MiB answers"));
        scenarios.add(failing());
        scenarios.add(requests("tls-handshake", "A new TLS handshake each request", 410, 402, 399, 1210, 640));
        scenarios.add(notMeasured("http2", "HTTP/2, 50 streams", "h2load is not installed (Debian: nghttp2-client)"));
        scenarios.add(idle());
        scenarios.add(rate());
        scenarios.add(leak());
        scenarios.add(flood());
        scenarios.add(notMeasured("storm", "10,000 new bans a second", "the load ended with exit code 1"));
        return new Report(
                new Report.Run(
                        Instant.parse("2026-11-23T07:12:31.250Z"),
                        Duration.ofSeconds(2531),
                        new Options(false, ROUNDS, 5, "proxies on core 0, application and load on core 1"),
                        versions(),
                        List.of("Not installed, and so left out: traefik.", "The load average was 1.9 at the start.")),
                new MachineDescription(
                        new Processor("Intel(R) Xeon(R) Processor @ 2.60GHz", 2, Optional.empty()),
                        8_323_665_920L,
                        "Linux 6.1.0",
                        "OpenJDK 64-Bit Server VM 25.0.1+8",
                        1.93),
                scenarios,
                goals());
    }

    private static Map<String, String> versions() {
        Map<String, String> versions = new LinkedHashMap<>();
        versions.put("portcullis", "0.1.0-SNAPSHOT");
        versions.put("nginx", "1.22.1");
        versions.put("haproxy", "2.6.12");
        versions.put("caddy", "2.6.2");
        versions.put("httpd", "2.4.62");
        versions.put("wrk", "4.1.0");
        return versions;
    }

    private static List<GoalResult> goals() {
        return List.of(
                goal(
                        "small-64-jails",
                        "CPU a request, ten jails",
                        "at most 0.85 of nginx's and of HAProxy's",
                        "0.83 of nginx's (0.81 to 0.86), 0.85 of haproxy's (0.83 to 0.88)",
                        Outcome.MET),
                goal(
                        "half-rate",
                        "p99 at half of nginx's saturated rate",
                        "at most nginx's",
                        "1.11 of nginx's (0.94 to 1.31)",
                        Outcome.MISSED),
                goal(
                        "connect",
                        "CPU a request, new connection each",
                        "at most nginx's",
                        "1.23 of nginx's (1.20 to 1.27)",
                        Outcome.MISSED),
                goal(
                        "http2",
                        "CPU a request over HTTP/2",
                        "at most nginx's",
                        "h2load is not installed",
                        Outcome.NOT_MEASURED),
                goal(
                        "start",
                        "start to first answer",
                        "at most 500 ms",
                        "the scenario start was not run",
                        Outcome.NOT_MEASURED),
                goal("leak", "requests after the threshold, sequential", "0", "0", Outcome.MET));
    }

    private static GoalResult goal(String scenario, String goal, String wanted, String measured, Outcome outcome) {
        return new GoalResult(scenario, goal, wanted, measured, outcome);
    }

    private ScenarioResult requests(String id, String title, double... cpus) {
        List<PeerResult> peers = new ArrayList<>();
        for (int i = 0; i < cpus.length; i++) {
            double cpu = cpus[i];
            peers.add(peer(PEERS.get(i), number -> {
                double micros = around(cpu, 0.04);
                Map<String, Double> figures = new LinkedHashMap<>();
                figures.put("cpu", micros);
                figures.put("rate", 1_000_000 / (micros * 1.04));
                return round(number, micros, Optional.empty(), figures);
            }));
        }
        return scenario(id, title, List.of(CPU, RATE), peers);
    }

    private ScenarioResult transfer(String id, String title) {
        Measure measure = Measure.less("cpu-gib", "CPU a GiB", "ms");
        double[] costs = {412, 420, 431, 700, 455};
        List<PeerResult> peers = new ArrayList<>();
        for (int i = 0; i < costs.length; i++) {
            double cost = costs[i];
            peers.add(peer(
                    PEERS.get(i),
                    number -> round(number, 450, Optional.empty(), Map.of("cpu-gib", around(cost, 0.08)))));
        }
        return scenario(id, title, List.of(measure), peers);
    }

    private ScenarioResult failing() {
        PeerResult own =
                peer("portcullis", number -> round(number, 610, Optional.empty(), Map.of("cpu", around(610, 0.05))));
        PeerResult nginx =
                peer("nginx", number -> round(number, 580, Optional.empty(), Map.of("cpu", around(580, 0.05))));
        PeerResult haproxy = new PeerResult(
                "haproxy",
                List.of(),
                Optional.of("no answer within 10 s: \u001b[31m<script>alert(\"1\")</script> & more"));
        return scenario("upload-1m", "1 MiB uploads", List.of(CPU), List.of(own, nginx, haproxy));
    }

    private static ScenarioResult notMeasured(String id, String title, String why) {
        return new ScenarioResult(
                new Subject(id, title, "What it would have measured."),
                List.of(CPU),
                List.of(),
                List.of(),
                Optional.of(why));
    }

    private ScenarioResult idle() {
        Measure measure = Measure.less("bytes", "memory a connection", "KiB");
        double[] costs = {5.9, 0.31, 0.62, 31, 12};
        List<PeerResult> peers = new ArrayList<>();
        for (int i = 0; i < costs.length; i++) {
            double cost = costs[i];
            peers.add(peer(
                    PEERS.get(i),
                    number -> new Round(
                            number,
                            new Work(5, 10_000, 0, "own, idle"),
                            new Usage(Cpu.NONE, new Memory((long) (cost * 10 * MIB), (long) (cost * 9 * MIB))),
                            Optional.empty(),
                            Map.of("bytes", around(cost, 0.02)))));
        }
        return scenario("idle", "10,000 idle connections", List.of(measure), peers);
    }

    private ScenarioResult rate() {
        double[] medians = {212, 190, 185, 640, 530};
        List<PeerResult> peers = new ArrayList<>();
        for (int i = 0; i < medians.length; i++) {
            double median = medians[i];
            peers.add(peer(PEERS.get(i), number -> {
                double p99 = around(median * 6, 0.25);
                return round(
                        number,
                        21,
                        Optional.of(new Latency(around(median, 0.1), p99, p99 * 4, p99 * 22, median > 600)),
                        Map.of("p99", p99));
            }));
        }
        return scenario("half-rate", "Half of nginx's saturated rate", List.of(P99), peers);
    }

    private ScenarioResult leak() {
        Measure measure = Measure.less("leaked", "requests after the threshold", "");
        PeerResult own = peer("portcullis", number -> round(number, 0, Optional.empty(), Map.of("leaked", 0.0)));
        PeerResult fail2ban =
                peer("nginx-fail2ban", number -> round(number, 0, Optional.empty(), Map.of("leaked", 30.0 + number)));
        return scenario("leak", "Requests after the threshold", List.of(measure), List.of(own, fail2ban));
    }

    private ScenarioResult flood() {
        Measure measure = Measure.less("cpu-refusal", "CPU a refusal", "µs");
        PeerResult own = peer("portcullis", number -> round(number, 0, Optional.empty(), Map.of("cpu-refusal", 2.1)));
        PeerResult haproxy = peer("haproxy", number -> round(number, 0, Optional.empty(), Map.of("cpu-refusal", 19.7)));
        PeerResult idle = peer("nginx", number -> round(number, 0, Optional.empty(), Map.of("cpu-refusal", 0.0)));
        return scenario("flood", "A banned client's flood", List.of(measure), List.of(own, haproxy, idle));
    }

    private static ScenarioResult scenario(String id, String title, List<Measure> measures, List<PeerResult> peers) {
        return new ScenarioResult(
                new Subject(
                        id,
                        title,
                        "Answers of 100 octets are asked for, as fast as they come. What counts is the"
                                + " processor's time of all the proxy's processes, by the requests that were answered."),
                measures,
                peers,
                List.of("Closed loop: a slow proxy is asked less often."),
                Optional.empty());
    }

    /** Makes a round. */
    private interface Maker {
        Round make(int number);
    }

    private static PeerResult peer(String name, Maker maker) {
        List<Round> rounds = new ArrayList<>();
        for (int number = 1; number <= ROUNDS; number++) {
            rounds.add(maker.make(number));
        }
        return new PeerResult(name, rounds, Optional.empty());
    }

    private static Round round(int number, double cpu, Optional<Latency> latency, Map<String, Double> figures) {
        long requests = cpu == 0 ? 0 : (long) (5_000_000 / (cpu * 1.04));
        return new Round(
                number,
                new Work(
                        5,
                        requests,
                        number == 3 && requests > 0 ? 2 : 0,
                        latency.isPresent() ? "own, open loop" : "wrk 4.1.0"),
                new Usage(
                        new Cpu((long) (cpu * requests * 0.37), (long) (cpu * requests * 0.63)),
                        new Memory(118 * MIB, 109 * MIB)),
                latency,
                figures);
    }

    private double around(double figure, double spread) {
        return figure * (1 + spread * random.nextGaussian());
    }
}
