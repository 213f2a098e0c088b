package io.portcullis.benchmarks.scenario;

import io.portcullis.benchmarks.peer.Peer;
import io.portcullis.benchmarks.result.Measure;
import io.portcullis.benchmarks.result.ScenarioResult.Subject;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Something to measure of all proxies alike. Its measurement may keep what it needs to, so there is one for each run. */
public interface Scenario {

    Subject subject();

    /** The first is what it is about. */
    List<Measure> measures();

    /** What a reader has to know to judge the figures. */
    default List<String> notes() {
        return List.of();
    }

    /** Why it cannot be measured on this machine, and what to do about that. */
    default Optional<String> obstacle() {
        return Optional.empty();
    }

    /** Whether the proxy has what it takes. */
    boolean takes(Peer peer);

    /** What one proxy takes before its first round, about: its start and its warm-up. */
    Duration toPrepare(WarmUp rule);

    /** What a round of one proxy takes, about, with its loads' starts and lead-ins. */
    Duration toMeasure(Duration round);

    /** Sets the proxy up, so that it can be measured until the trial is closed. All proxies are up at once. */
    Trial open(Peer peer, Stage stage) throws IOException;
}
