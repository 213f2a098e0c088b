package io.portcullis.server.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/**
 * What {@code bench} was asked to measure: a component an option, which is why there are seven.
 *
 * @param scenarios by their names; empty: all
 * @param peers whom Portcullis is measured beside, by their names; empty: every one that is installed
 * @param quick few and short rounds, so that everything ends within three minutes
 * @param rounds how many of each scenario, 1 to {@value BenchCommand#MOST_ROUNDS}; empty: as many as fit the scenario
 * @param seconds of one round, 1 to {@value BenchCommand#MOST_SECONDS}; empty: as long as fits the scenario
 * @param output the folder of the report's files, which need not be there yet
 * @param list only to name scenarios and peers, and to measure nothing
 */
public record BenchOptions(
        List<String> scenarios,
        List<String> peers,
        boolean quick,
        OptionalInt rounds,
        OptionalInt seconds,
        Path output,
        boolean list) {

    public BenchOptions {
        scenarios = List.copyOf(scenarios);
        peers = List.copyOf(peers);
    }
}
