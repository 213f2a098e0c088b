package io.portcullis.benchmarks.scenario;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portcullis.benchmarks.load.LoadResult;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What has to have happened for a round's figures to be about it: who refuses nobody would be the cheapest. */
class RefusalsTest {

    private static LoadResult load(long requests, Map<String, Double> figures) {
        return new LoadResult("own", 1, requests, Map.of(), 0, Optional.empty(), figures);
    }

    private static LoadResult flood(Map<String, Double> figures) {
        return load(100, figures);
    }

    @Test
    void aFloodThatIsServedIsNoneThatIsRefused() {
        assertThatThrownBy(() -> Flood.checkRefused(flood(Map.of("answered", 3.0, "status-200", 3.0)), false))
                .hasMessageContaining("was served 3 times");
        assertThatCode(() -> Flood.checkRefused(flood(Map.of("answered", 3.0, "status-403", 3.0)), false))
                .doesNotThrowAnyException();
    }

    @Test
    void whatTheProxyRefusesIsNotTheKernels() {
        assertThatThrownBy(() -> Flood.checkRefused(flood(Map.of("refused", 100.0, "timed-out", 0.0)), true))
                .hasMessageContaining("the kernel did not refuse");
        assertThatThrownBy(() -> Flood.checkRefused(flood(Map.of("timed-out", 9.0, "answered", 1.0)), true))
                .hasMessageContaining("1 were answered");
        assertThatCode(() -> Flood.checkRefused(flood(Map.of("timed-out", 9.0, "answered", 0.0)), true))
                .doesNotThrowAnyException();
    }

    @Test
    void aStormWithoutBansIsNone() {
        assertThatThrownBy(() -> LoadScenario.checkBans(load(1_000, Map.of()), 900))
                .hasMessageContaining("900 bans more in force after 1000 requests");
        assertThatCode(() -> LoadScenario.checkBans(load(1_000, Map.of()), 1_000))
                .doesNotThrowAnyException();
    }
}
