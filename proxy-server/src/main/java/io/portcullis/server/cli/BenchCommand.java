package io.portcullis.server.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bench}: measures the proxy beside its peers, by the harness that the module {@code benchmarks} brings. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        header = "Measure it on this machine, beside nginx, HAProxy and others.",
        description = {
            "Each scenario runs against Portcullis and against every peer that is installed (nginx, HAProxy, nginx with"
                    + " fail2ban, Caddy, Apache httpd), with the same application and the same load, in rounds that take"
                    + " turns, so that whatever else the machine does hits all alike. Prints the figures, ratios first,"
                    + " and writes report.html with plots, report.json and report.txt.",
            "Everything listens on loopback, at free ports. All scenarios with all peers take the better part of an hour;"
                    + " meanwhile the machine should do nothing else. Ctrl-C leaves nothing running. docs/benchmarks.md"
                    + " says what each scenario measures, and how far to trust it."
        },
        footer = {
            "  portcullis bench --quick                        a first look, within three minutes",
            "  portcullis bench --list                         scenarios, and the peers found here",
            "  portcullis bench small-64 connect --peers nginx",
            "  portcullis bench --rounds 9 --seconds 10 --output /tmp/night"
        },
        exitCodeList = {
            "0:measured, whatever came out",
            "1:something could not be measured; the report says what",
            "2:wrong usage, such as a scenario that is not known"
        })
final class BenchCommand implements Callable<Integer> {

    static final int MOST_ROUNDS = 100;
    static final int MOST_SECONDS = 600;

    @Parameters(
            paramLabel = "SCENARIO",
            arity = "0..*",
            description = "what to measure, by the names that --list tells; all, where none is named")
    private List<String> scenarios = new ArrayList<>();

    @Option(names = "--quick", description = "few and short rounds: all scenarios within three minutes, roughly right")
    private boolean quick;

    @Option(
            names = "--peers",
            paramLabel = "NAMES",
            split = ",",
            description = "beside whom, separated by commas (default: every one that is installed)")
    private List<String> peers = new ArrayList<>();

    @Option(names = "--rounds", paramLabel = "N", description = "rounds of each scenario, 1 to 100 (default: 5)")
    private @Nullable Integer rounds;

    @Option(names = "--seconds", paramLabel = "S", description = "length of a round, 1 to 600 (default: 5)")
    private @Nullable Integer seconds;

    @Option(
            names = "--output",
            paramLabel = "DIR",
            description = "where the report's files go, over those of a former run (default: ./portcullis-bench)")
    private Path output = Path.of("portcullis-bench");

    @Option(names = "--list", description = "name the scenarios and the peers that are installed; measure nothing")
    private boolean list;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        BenchOptions options = new BenchOptions(
                scenarios,
                peers,
                quick,
                within("--rounds", rounds, MOST_ROUNDS),
                within("--seconds", seconds, MOST_SECONDS),
                output,
                list);
        PrintWriter err = spec.commandLine().getErr();
        Optional<BenchHarness> harness = ServiceLoader.load(BenchHarness.class).findFirst();
        if (harness.isEmpty()) {
            err.println("portcullis: the benchmarks are no part of this installation. Take the source of this version"
                    + " (Java 17 and Maven are enough) and start bin/portcullis bench there: it builds them on first"
                    + " use. Or put the jars of its benchmarks/target/bench into the folder bench beside this"
                    + " installation's lib");
            err.flush();
            return ExitCode.NOT_SO;
        }
        return harness.get().run(options, spec.commandLine().getOut(), err);
    }

    private OptionalInt within(String option, @Nullable Integer given, int most) {
        if (given == null) {
            return OptionalInt.empty();
        }
        if (given < 1 || given > most) {
            throw new ParameterException(spec.commandLine(), option + ": " + given + " (expected: 1 to " + most + ")");
        }
        return OptionalInt.of(given);
    }
}
