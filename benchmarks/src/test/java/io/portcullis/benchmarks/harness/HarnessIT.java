package io.portcullis.benchmarks.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.portcullis.benchmarks.peer.Peer;
import io.portcullis.benchmarks.peer.Peers;
import io.portcullis.benchmarks.result.PeerResult;
import io.portcullis.benchmarks.result.ScenarioResult;
import io.portcullis.benchmarks.scenario.Scenario;
import io.portcullis.benchmarks.scenario.Scenarios;
import io.portcullis.benchmarks.scenario.WarmUp;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Portcullis beside the real nginx, in rounds of a second, which wrk can do: it has no JIT to warm up, as our own load has.
 * Not for the figures, but for there being some.
 */
@Timeout(120)
class HarnessIT {

    private static final Effort SHORT = new Effort(
            true,
            1,
            Duration.ofSeconds(1),
            new WarmUp(Duration.ofSeconds(1), Duration.ofSeconds(3), Duration.ofSeconds(1)),
            Optional.empty());

    @Test
    void portcullisIsMeasuredBesideNginxAndNothingIsLeftBehind() throws IOException {
        Path home = Bench.home();
        assumeTrue(Files.isDirectory(home.resolve("proxy-server/target/portcullis/lib")), "Portcullis is built");
        List<Peer> peers = Peers.all(home).subList(0, 2);
        assumeTrue(peers.get(1).version().isPresent(), "nginx is installed");
        Progress progress = new Progress(new PrintWriter(Writer.nullWriter()), false, System::nanoTime);
        List<Scenario> scenarios = Scenarios.all().stream()
                .filter(scenario -> Set.of("small-64-jails", "leak")
                        .contains(scenario.subject().id()))
                .toList();

        List<ScenarioResult> results = new Harness(peers, SHORT, Cores.find(), progress).run(scenarios);

        ScenarioResult small = results.get(0);
        assertThat(small.peers()).extracting(PeerResult::peer).containsExactly("portcullis", "nginx");
        assertThat(small.peers()).allSatisfy(peer -> {
            assertThat(peer.failure()).isEmpty();
            assertThat(peer.errors()).isZero();
            assertThat(peer.rounds()).singleElement().satisfies(round -> {
                assertThat(round.work().requests()).isPositive();
                assertThat(round.figures()).containsOnlyKeys("cpu", "user", "system", "rate", "pss", "memory");
                assertThat(round.usage().memory().rssBytes()).isPositive();
            });
        });
        assertThat(results.get(1).peer("portcullis").orElseThrow().rounds())
                .singleElement()
                .satisfies(round -> assertThat(round.figures()).containsEntry("leaked", 0.0));
        assertThat(processesAfterASecond()).isZero();
    }

    /** The kernel takes a moment to bury them. */
    private static long processesAfterASecond() {
        long until = System.nanoTime() + Duration.ofSeconds(1).toNanos();
        while (ProcessHandle.current().descendants().findAny().isPresent() && System.nanoTime() < until) {
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
        return ProcessHandle.current().descendants().count();
    }
}
