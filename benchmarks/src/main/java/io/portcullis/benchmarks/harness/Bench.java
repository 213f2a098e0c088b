package io.portcullis.benchmarks.harness;

import io.portcullis.benchmarks.peer.Peer;
import io.portcullis.benchmarks.peer.Peers;
import io.portcullis.benchmarks.report.PeerConfiguration;
import io.portcullis.benchmarks.report.PeerConfigurations;
import io.portcullis.benchmarks.report.ReportFiles;
import io.portcullis.benchmarks.report.TextReport;
import io.portcullis.benchmarks.result.MachineDescription;
import io.portcullis.benchmarks.result.Report;
import io.portcullis.benchmarks.result.Round;
import io.portcullis.benchmarks.result.ScenarioResult;
import io.portcullis.benchmarks.scenario.Scenario;
import io.portcullis.benchmarks.scenario.Scenarios;
import io.portcullis.server.cli.BenchHarness;
import io.portcullis.server.cli.BenchOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the command {@code bench} runs. */
public final class Bench implements BenchHarness {

    private static final int DONE = 0;
    private static final int NOT_ALL = 1;
    private static final int WRONG_USAGE = 2;

    private static final Path ERROR_OUTPUT = Path.of("/proc/self/fd/2");

    @Override
    public int run(BenchOptions options, PrintWriter out, PrintWriter err) {
        try {
            List<Peer> all = Peers.all(home());
            if (options.list()) {
                list(all, out);
                return DONE;
            }
            Optional<String> fault = faultOf(options.output());
            if (fault.isPresent()) {
                err.println("portcullis: " + fault.get());
                return WRONG_USAGE;
            }
            return measure(options, Choice.of(options, all), out, err);
        } catch (Choice.UnknownName e) {
            err.println("portcullis: " + e.getMessage());
            return WRONG_USAGE;
        } catch (IOException e) {
            err.println("portcullis: the benchmarks could not be run: " + e.getMessage());
            return NOT_ALL;
        }
    }

    private static Optional<String> faultOf(Path output) {
        try {
            ReportFiles.prepare(output);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("--output: " + output + ": nothing can be written there: " + e.getMessage() + reason(e)
                    + " (expected: a folder that you may write to, or one that can be made)");
        }
    }

    /** What a fault says by its class; its message is the path alone then. */
    private static String reason(IOException fault) {
        if (fault instanceof AccessDeniedException) {
            return ": may not be written";
        }
        if (fault instanceof FileAlreadyExistsException) {
            return ": is no folder";
        }
        return fault instanceof NoSuchFileException ? ": cannot be made" : "";
    }

    private static void list(List<Peer> peers, PrintWriter out) throws IOException {
        for (Scenario scenario : Scenarios.all()) {
            out.printf(
                    "scenario  %-16s %s%s%n",
                    scenario.subject().id(), scenario.subject().title(), Scenarios.isQuick(scenario) ? " (quick)" : "");
        }
        for (Peer peer : peers) {
            out.printf("peer      %-16s %s%n", peer.name(), peer.version().orElse("not installed"));
        }
    }

    private static int measure(BenchOptions options, Choice choice, PrintWriter out, PrintWriter err)
            throws IOException {
        Instant started = Instant.now();
        long began = System.nanoTime();
        Cores cores = Cores.find();
        MachineDescription machine = new Machine(Path.of("/proc")).describe();
        List<String> warnings = new ArrayList<>(choice.missing());
        cores.warning().ifPresent(warnings::add);
        Machine.warning(machine).ifPresent(warnings::add);
        Progress progress = new Progress(err, isTerminal(), System::nanoTime);
        warnings.forEach(warning -> progress.say("warning: " + warning));

        Harness harness = new Harness(choice.peers(), choice.effort(), cores, progress);
        List<ScenarioResult> results = harness.run(choice.scenarios());
        Effort effort = choice.effort();
        Report report = new Report(
                new Report.Run(
                        started,
                        Duration.ofNanos(System.nanoTime() - began),
                        new Report.Options(
                                effort.quick(), effort.rounds(), effort.round().toMillis() / 1e3, cores.text()),
                        versions(choice, results),
                        warnings),
                machine,
                results,
                Goals.judge(results));
        out.print(TextReport.of(report));
        List<PeerConfiguration> configurations =
                PeerConfigurations.of(choice.peers().stream().map(Peer::name).toList());
        for (Path file : ReportFiles.write(report, configurations, options.output())) {
            out.println("written: " + file);
        }
        return isWhole(report, options) ? DONE : NOT_ALL;
    }

    /** Of the peers, and of the packaged tools that made a load. */
    private static Map<String, String> versions(Choice choice, List<ScenarioResult> results) {
        Map<String, String> versions = new LinkedHashMap<>(choice.versions());
        results.stream()
                .flatMap(result -> result.peers().stream())
                .flatMap(peer -> peer.rounds().stream())
                .map(Round::work)
                .map(work -> work.generator().split(" ", 2))
                .filter(words -> words.length == 2 && !words[0].endsWith(","))
                .forEach(words -> versions.put(words[0], words[1]));
        return versions;
    }

    /** Whether there is everything that was asked for. */
    private static boolean isWhole(Report report, BenchOptions options) {
        boolean absent = options.peers().stream()
                .anyMatch(peer -> !report.run().versions().containsKey(peer));
        return !absent
                && report.scenarios().stream()
                        .allMatch(result -> result.notMeasured().isEmpty()
                                && result.peers().stream()
                                        .allMatch(peer -> peer.failure().isEmpty()));
    }

    /** Where this program is: its launcher says so. Elsewhere, as in a test, the source tree around it. */
    static Path home() throws IOException {
        String home = System.getProperty("portcullis.home");
        if (home != null) {
            return Path.of(home);
        }
        Path here = Path.of("").toAbsolutePath();
        for (Path folder = here; folder != null; folder = folder.getParent()) {
            if (Files.isExecutable(folder.resolve("bin/portcullis"))) {
                return folder;
            }
        }
        throw new IOException("no bin/portcullis in " + here + " or above it (expected: to be started by it)");
    }

    private static boolean isTerminal() {
        try {
            String target = Files.readSymbolicLink(ERROR_OUTPUT).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
        } catch (IOException e) {
            return false;
        }
    }
}
