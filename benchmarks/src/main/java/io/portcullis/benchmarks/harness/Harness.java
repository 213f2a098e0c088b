package io.portcullis.benchmarks.harness;

import io.portcullis.benchmarks.application.Application;
import io.portcullis.benchmarks.peer.Certificate;
import io.portcullis.benchmarks.peer.Peer;
import io.portcullis.benchmarks.process.ChildProcess;
import io.portcullis.benchmarks.process.CoreSet;
import io.portcullis.benchmarks.result.ScenarioResult;
import io.portcullis.benchmarks.scenario.Scenario;
import io.portcullis.benchmarks.scenario.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Plays the scenarios one after the other, with one application for all of them. */
final class Harness {

    private static final Duration TO_PIN = Duration.ofSeconds(10);

    /** No further round goes into it: estimates are those of a machine that does nothing else. */
    private static final Duration RESERVE = Duration.ofSeconds(20);

    private final List<Peer> peers;
    private final Effort effort;
    private final Cores cores;
    private final Progress progress;

    Harness(List<Peer> peers, Effort effort, Cores cores, Progress progress) {
        this.peers = List.copyOf(peers);
        this.effort = effort;
        this.cores = cores;
        this.progress = progress;
    }

    /** Every scenario has a result: one that says why, where it could not be measured. */
    List<ScenarioResult> run(List<Scenario> scenarios) throws IOException {
        List<ScenarioResult> results = new ArrayList<>();
        try (TimeLimit limit = new TimeLimit(effort.limit());
                Workshop workshop = Workshop.open()) {
            pinThisProcess();
            Certificate certificate = Certificate.create(workshop.directory());
            Stage.Shares shares = new Stage.Shares(cores.proxies(), cores.others(), cores.all());
            try (Application application = Application.start(cores.others())) {
                for (int i = 0; i < scenarios.size(); i++) {
                    Path directory = Files.createDirectory(workshop.directory()
                            .resolve(scenarios.get(i).subject().id()));
                    Stage stage = new Stage(directory, application, certificate, shares);
                    results.add(run(scenarios, i, stage, limit));
                    workshop.clear(directory);
                    if (!limit.hasInterrupted() && Thread.currentThread().isInterrupted()) {
                        throw new IOException("interrupted");
                    }
                }
            }
        }
        progress.clear();
        return results;
    }

    private ScenarioResult run(List<Scenario> scenarios, int index, Stage stage, TimeLimit limit) {
        Scenario scenario = scenarios.get(index);
        List<Peer> able = able(scenario);
        Optional<String> reason = reasonNotTo(scenario, able, limit);
        if (reason.isPresent()) {
            progress.say(scenario.subject().id() + ": not measured: " + reason.get());
            return new ScenarioResult(scenario.subject(), scenario.measures(), List.of(), scenario.notes(), reason);
        }
        List<Scenario> later = scenarios.subList(index + 1, scenarios.size()).stream()
                .filter(other -> other.obstacle().isEmpty())
                .toList();
        progress.scenario(
                scenario.subject().id(),
                index + 1,
                scenarios.size(),
                effort.estimate(scenario, able.size()),
                sum(later, effort::estimate));
        Duration kept = sum(later, effort::least).plus(RESERVE);
        return new Contest(scenario, effort, progress, took -> limit.leaves(took.plus(kept)), System::nanoTime)
                .run(able, peer -> scenario.open(peer, stage));
    }

    private Duration sum(List<Scenario> scenarios, ToEstimate estimate) {
        return scenarios.stream()
                .map(scenario -> estimate.of(scenario, able(scenario).size()))
                .reduce(Duration.ZERO, Duration::plus);
    }

    /** What a scenario takes with so many proxies. */
    private interface ToEstimate {
        Duration of(Scenario scenario, int peers);
    }

    private Optional<String> reasonNotTo(Scenario scenario, List<Peer> able, TimeLimit limit) {
        if (scenario.obstacle().isPresent()) {
            return scenario.obstacle();
        }
        if (able.isEmpty()) {
            return Optional.of("none of " + peers.stream().map(Peer::name).collect(Collectors.joining(", "))
                    + " has what it takes");
        }
        if (!limit.leaves(effort.least(scenario, able.size()))) {
            return Optional.of("no time was left for it: name it, or leave out --quick");
        }
        return Optional.empty();
    }

    private List<Peer> able(Scenario scenario) {
        return peers.stream().filter(scenario::takes).toList();
    }

    /** This process, too, keeps off the proxies' core, with all its threads. */
    private void pinThisProcess() throws IOException {
        List<Integer> others = cores.others().cores();
        if (others.isEmpty()) {
            return;
        }
        String list = others.stream().map(String::valueOf).collect(Collectors.joining(","));
        List<String> command = List.of(
                "taskset",
                "-a",
                "-p",
                "-c",
                list,
                String.valueOf(ProcessHandle.current().pid()));
        try (ChildProcess taskset = ChildProcess.start("taskset", command, CoreSet.ANY)) {
            taskset.awaitOutput(TO_PIN);
        }
    }
}
