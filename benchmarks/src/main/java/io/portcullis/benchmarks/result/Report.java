package io.portcullis.benchmarks.result;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Everything that a run found. */
public record Report(Run run, MachineDescription machine, List<ScenarioResult> scenarios, List<GoalResult> goals) {

    public Report {
        scenarios = List.copyOf(scenarios);
        goals = List.copyOf(goals);
    }

    /** Empty where it was not asked for. */
    public Optional<ScenarioResult> scenario(String id) {
        return scenarios.stream()
                .filter(scenario -> scenario.subject().id().equals(id))
                .findFirst();
    }

    /**
     * How it was run.
     *
     * @param versions of each peer that took part and of each load generator, by name
     * @param warnings what makes the figures worse than they could be, and who is missing
     */
    public record Run(
            Instant started, Duration took, Options options, Map<String, String> versions, List<String> warnings) {

        public Run {
            versions = Collections.unmodifiableMap(new LinkedHashMap<>(versions));
            warnings = List.copyOf(warnings);
        }
    }

    /**
     * What was asked for.
     *
     * @param quick fewer and shorter measurements, within three minutes
     * @param rounds of each peer in a scenario
     * @param seconds of each round
     * @param cores which cores the proxies, and which the load and the application ran on
     */
    public record Options(boolean quick, int rounds, double seconds, String cores) {}
}
