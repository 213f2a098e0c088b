package io.portcullis.benchmarks.harness;

import io.portcullis.benchmarks.peer.Peer;
import io.portcullis.benchmarks.peer.Peers;
import io.portcullis.benchmarks.scenario.Scenario;
import io.portcullis.benchmarks.scenario.Scenarios;
import io.portcullis.server.cli.BenchOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What was asked for, by name, as far as this machine has it.
 *
 * @param versions of the peers, by name
 * @param missing who is not installed, in words
 */
record Choice(
        List<Scenario> scenarios, List<Peer> peers, Effort effort, Map<String, String> versions, List<String> missing) {

    /** Those that a quick run leaves out, unless they are named. */
    private static final Set<String> SLOW = Set.of("caddy", "httpd");

    /** A name that is not known. */
    static final class UnknownName extends Exception {

        private static final long serialVersionUID = 1;

        UnknownName(String message) {
            super(message);
        }
    }

    static Choice of(BenchOptions options, List<Peer> all) throws UnknownName, IOException {
        List<Scenario> scenarios = scenarios(options);
        Map<String, String> versions = new LinkedHashMap<>();
        List<Peer> installed = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (Peer peer : wanted(options, all)) {
            Optional<String> version = peer.version();
            if (version.isPresent()) {
                installed.add(peer);
                versions.put(peer.name(), version.get());
            } else {
                missing.add(peer.name() + " is not installed, so nothing is measured beside it");
            }
        }
        leftOut(options, all, scenarios.size()).ifPresent(missing::add);
        return new Choice(scenarios, installed, effort(options), versions, missing);
    }

    /** What a quick run does not do although it could, in words. */
    private static Optional<String> leftOut(BenchOptions options, List<Peer> all, int scenarios) throws IOException {
        List<String> left = new ArrayList<>();
        int fewer = Scenarios.all().size() - scenarios;
        if (options.quick() && options.scenarios().isEmpty() && fewer > 0) {
            left.add(fewer + " scenarios (bench --list names them)");
        }
        if (options.quick() && options.peers().isEmpty()) {
            for (Peer peer : all) {
                if (SLOW.contains(peer.name()) && peer.version().isPresent()) {
                    left.add("the peer " + peer.name());
                }
            }
        }
        return left.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "a quick run leaves out " + String.join(" and ", left) + ": name them, or leave out --quick");
    }

    private static List<Scenario> scenarios(BenchOptions options) throws UnknownName {
        List<Scenario> all = Scenarios.all();
        checkNames(
                "scenario",
                options.scenarios(),
                all,
                scenario -> scenario.subject().id());
        if (options.scenarios().isEmpty()) {
            return all.stream()
                    .filter(scenario -> !options.quick() || Scenarios.isQuick(scenario))
                    .toList();
        }
        return all.stream()
                .filter(scenario ->
                        options.scenarios().contains(scenario.subject().id()))
                .toList();
    }

    /** Portcullis is always measured. */
    private static List<Peer> wanted(BenchOptions options, List<Peer> all) throws UnknownName {
        checkNames("peer", options.peers(), all, Peer::name);
        return all.stream()
                .filter(peer -> peer.name().equals(Peers.PORTCULLIS)
                        || (options.peers().isEmpty()
                                ? !options.quick() || !SLOW.contains(peer.name())
                                : options.peers().contains(peer.name())))
                .toList();
    }

    private static Effort effort(BenchOptions options) {
        Effort effort = options.quick() ? Effort.QUICK : Effort.FULL;
        if (options.rounds().isPresent()) {
            effort = effort.withRounds(options.rounds().getAsInt());
        }
        if (options.seconds().isPresent()) {
            effort = effort.withRound(Duration.ofSeconds(options.seconds().getAsInt()));
        }
        return effort;
    }

    private static <T> void checkNames(String what, List<String> said, List<T> all, Function<T, String> name)
            throws UnknownName {
        List<String> known = all.stream().map(name).toList();
        for (String each : said) {
            if (!known.contains(each)) {
                throw new UnknownName("no " + what + " \"" + each + "\" (expected: "
                        + known.stream().collect(Collectors.joining(", ")) + ")");
            }
        }
    }
}
