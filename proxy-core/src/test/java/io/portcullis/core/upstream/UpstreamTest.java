package io.portcullis.core.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.core.config.Defaults;
import io.portcullis.core.config.UpstreamConfig;
import io.portcullis.core.config.UpstreamConfig.EndpointConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A dead endpoint must not cost every client a time-out, and a healthy one must not be left idle. */
final class UpstreamTest {

    private static final long TIMEOUT = 10_000;

    @Test
    void endpointsTakeTurns() {
        Upstream upstream = upstream(3, 1);
        assertThat(ports(upstream, 6, 0)).containsExactly(1, 2, 3, 1, 2, 3);
    }

    @Test
    void aRetryGoesToAnEndpointThatWasNotTried() {
        Upstream upstream = upstream(3, 1);
        Set<Endpoint> tried = new HashSet<>();
        for (int i = 0; i < 3; i++) {
            Endpoint next = upstream.next(tried, 0);
            assertThat(next).isNotNull();
            assertThat(tried.add(next)).isTrue();
        }
        assertThat(upstream.next(tried, 0)).isNull();
    }

    @Test
    void aFailedEndpointIsLeftOutForTheTimeoutAndTheOthersShareItsLoadEvenly() {
        Upstream upstream = upstream(3, 1);
        assertThat(upstream.failed(endpoint(upstream, 1), 1_000)).isTrue();
        Map<Integer, Integer> counts = new HashMap<>();
        ports(upstream, 100, 1_000 + TIMEOUT - 1).forEach(port -> counts.merge(port, 1, Integer::sum));
        assertThat(counts).containsOnly(Map.entry(2, 50), Map.entry(3, 50));
    }

    @Test
    void afterTheTimeoutOneTryDecides() {
        Upstream upstream = upstream(2, 1);
        Endpoint one = endpoint(upstream, 1);
        upstream.failed(one, 0);

        List<Integer> tries = ports(upstream, 4, TIMEOUT);
        assertThat(tries).as("one try while it is undecided").containsOnlyOnce(1);
        assertThat(upstream.failed(one, TIMEOUT + 50)).as("it was out already").isFalse();
        assertThat(ports(upstream, 4, 2 * TIMEOUT + 49)).doesNotContain(1);

        assertThat(ports(upstream, 2, 2 * TIMEOUT + 50)).contains(1);
        assertThat(upstream.succeeded(one)).isTrue();
        assertThat(ports(upstream, 4, 2 * TIMEOUT + 50)).containsExactlyInAnyOrder(1, 2, 1, 2);
    }

    /** If it breaks: nobody can see since when the only endpoint of a site does not answer. */
    @Test
    void theOnlyEndpointIsTriedWhateverHappensAndIsOutUntilItAnswersAfterTheTimeout() {
        Upstream upstream = upstream(1, 1);
        Endpoint only = endpoint(upstream, 1);
        assertThat(upstream.failed(only, 1_000)).isTrue();
        assertThat(only.health().outSince()).isEqualTo(1_000);
        assertThat(ports(upstream, 2, 1_001)).containsExactly(1, 1);
        assertThat(upstream.succeeded(only)).as("so soon after its failure").isFalse();
        assertThat(upstream.failed(only, 2_000)).as("it was out already").isFalse();
        assertThat(only.health().outSince()).isEqualTo(1_000);
        assertThat(ports(upstream, 1, 2_000 + TIMEOUT)).containsExactly(1);
        assertThat(upstream.succeeded(only)).isTrue();
        assertThat(only.health().outSince()).isZero();
    }

    @Test
    void aTryThatNeverEndsDoesNotKeepTheEndpointOutForEver() {
        Upstream upstream = upstream(2, 1);
        upstream.failed(endpoint(upstream, 1), 0);
        assertThat(ports(upstream, 4, TIMEOUT)).containsOnlyOnce(1);
        assertThat(ports(upstream, 4, 2 * TIMEOUT - 1)).doesNotContain(1);
        assertThat(ports(upstream, 4, 2 * TIMEOUT)).containsOnlyOnce(1);
    }

    @Test
    void aSuccessOlderThanTheFailuresDoesNotBringTheEndpointBack() {
        Upstream upstream = upstream(2, 1);
        upstream.failed(endpoint(upstream, 1), 0);
        assertThat(upstream.succeeded(endpoint(upstream, 1))).isFalse();
        assertThat(ports(upstream, 4, 1)).doesNotContain(1);
    }

    @Test
    void onlyFailuresThatFollowOneAnotherWithinTheTimeoutAddUp() {
        Upstream upstream = upstream(2, 3);
        Endpoint one = endpoint(upstream, 1);
        assertThat(upstream.failed(one, 0)).isFalse();
        assertThat(upstream.failed(one, TIMEOUT)).isFalse();
        assertThat(upstream.failed(one, 2 * TIMEOUT + 1))
                .as("too late to be the third")
                .isFalse();
        assertThat(upstream.failed(one, 2 * TIMEOUT + 2)).isFalse();
        assertThat(upstream.failed(one, 2 * TIMEOUT + 3)).isTrue();
        assertThat(one.health().isAvailable(3 * TIMEOUT + 2)).isFalse();
        assertThat(one.health().isAvailable(3 * TIMEOUT + 3)).isTrue();
    }

    @Test
    void whereAllAreOutOneIsGivenAllTheSameSoThatTheClientGetsTheRealError() {
        Upstream upstream = upstream(2, 1);
        upstream.failed(endpoint(upstream, 1), 0);
        upstream.failed(endpoint(upstream, 2), 0);
        assertThat(ports(upstream, 4, 1)).containsExactlyInAnyOrder(1, 2, 1, 2);
        assertThat(portOf(upstream.next(Set.of(endpoint(upstream, 1)), 1))).isEqualTo(2);
    }

    @Test
    void aSingleEndpointIsNeverOut() {
        Upstream upstream = upstream(1, 1);
        upstream.failed(endpoint(upstream, 1), 0);
        assertThat(ports(upstream, 2, 1)).containsExactly(1, 1);
        assertThat(upstream.next(Set.of(endpoint(upstream, 1)), 1)).isNull();
    }

    @Test
    void maxFailsZeroNeverTakesAnEndpointOut() {
        Upstream upstream = upstream(2, 0);
        for (int i = 0; i < 100; i++) {
            assertThat(upstream.failed(endpoint(upstream, 1), i)).isFalse();
        }
        assertThat(ports(upstream, 2, 100)).containsExactly(1, 2);
    }

    @Test
    void oneThreadGetsTheTryThatDecides() throws InterruptedException {
        for (int round = 0; round < 200; round++) {
            Upstream upstream = upstream(2, 1);
            upstream.failed(endpoint(upstream, 1), 0);
            List<Integer> ports = Collections.synchronizedList(new ArrayList<>());
            List<Thread> threads = IntStream.range(0, 4)
                    .mapToObj(i -> new Thread(() -> ports.addAll(ports(upstream, 4, TIMEOUT))))
                    .toList();
            threads.forEach(Thread::start);
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(ports).hasSize(16).containsOnlyOnce(1);
        }
    }

    @Test
    void healthOutlivesAReloadWhileTheEndpointIsConfigured() {
        UpstreamConfig before = config("a", 2, 1);
        Upstreams first = Upstreams.NONE.with(List.of(before));
        Endpoint one = endpoint(first.get(before), 1);
        first.get(before).failed(one, 0);

        UpstreamConfig after = config("b", 3, 1);
        Upstreams second = first.with(List.of(after));
        assertThat(endpoint(second.get(after), 1)).isSameAs(one);
        assertThat(ports(second.get(after), 4, 1)).doesNotContain(1);
        assertThat(second.endpoints()).hasSize(3);

        UpstreamConfig without = new UpstreamConfig(
                "c", after.endpoints().subList(1, 3), after.balance(), 1, after.failTimeout(), after.tls(), false);
        Upstreams third = second.with(List.of(without));
        assertThat(third.endpoints()).hasSize(2).doesNotContain(one);
        UpstreamConfig again = config("d", 1, 1);
        assertThat(endpoint(third.with(List.of(again)).get(again), 1)).isNotSameAs(one);
    }

    @Test
    void upstreamsThatShareAnEndpointShareWhatIsKnownOfIt() {
        UpstreamConfig a = config("a", 2, 1);
        UpstreamConfig b = config("b", 2, 1);
        Upstreams upstreams = Upstreams.NONE.with(List.of(a, b));
        upstreams.get(a).failed(endpoint(upstreams.get(a), 1), 0);
        assertThat(ports(upstreams.get(b), 4, 1)).doesNotContain(1);
        assertThat(upstreams.all()).hasSize(2);
    }

    private static List<Integer> ports(Upstream upstream, int tries, long now) {
        return IntStream.range(0, tries)
                .mapToObj(i -> portOf(upstream.next(Set.of(), now)))
                .toList();
    }

    private static int portOf(@Nullable Endpoint endpoint) {
        return endpoint == null ? -1 : endpoint.config().port();
    }

    private static Endpoint endpoint(Upstream upstream, int port) {
        return upstream.endpoints().get(port - 1);
    }

    private static Upstream upstream(int endpoints, int maxFails) {
        UpstreamConfig config = config("app", endpoints, maxFails);
        return Upstreams.NONE.with(List.of(config)).get(config);
    }

    private static UpstreamConfig config(String name, int endpoints, int maxFails) {
        return new UpstreamConfig(
                name,
                IntStream.rangeClosed(1, endpoints)
                        .mapToObj(port -> new EndpointConfig(UpstreamConfig.Scheme.HTTP, "127.0.0.1", port))
                        .toList(),
                Defaults.BALANCE,
                maxFails,
                Duration.ofMillis(TIMEOUT),
                new UpstreamConfig.Tls(true, Optional.empty(), Optional.empty()),
                false);
    }
}
