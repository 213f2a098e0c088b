package io.portcullis.core.ban;

import static io.portcullis.core.ban.BansSettings.bans;
import static io.portcullis.core.ban.EngineFixture.ip;
import static io.portcullis.core.ban.JailBuilder.jail;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.core.ban.BanScope.AllHosts;
import io.portcullis.core.ban.BanScope.OneHost;
import io.portcullis.core.ban.NaiveEngine.Banned;
import io.portcullis.core.ban.NaiveEngine.Seen;
import io.portcullis.core.config.JailConfig;
import io.portcullis.core.config.JailConfig.Count;
import io.portcullis.core.config.JailConfig.Increment;
import io.portcullis.core.config.JailConfig.On;
import io.portcullis.core.config.JailConfig.Scope;
import io.portcullis.core.http.StatusSet;
import io.portcullis.core.net.ClientAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Holds the engine against a {@link NaiveEngine} over random sequences of observations of every kind, unbans, reloads,
 * restarts, sweeps and steps of time: the same bans at the same times.
 */
class BanEngineModelTest {

    private static final List<String> CLIENTS = List.of("192.0.2.1", "192.0.2.2", "2001:db8::1");
    private static final List<String> HOSTS = List.of("shop", "blog", "wiki");
    private static final List<String> PATHS = List.of("/", "/.env", "/a", "/b", "/c");
    private static final int[] STATUSES = {200, 403, 404};
    private static final int PROMOTE_AFTER = 3;
    private static final Duration REMEMBER = Duration.ofSeconds(20);
    private static final Duration GRACE = Duration.ofMillis(1_500);

    private final NaiveEngine naive = new NaiveEngine(PROMOTE_AFTER, REMEMBER.toMillis(), GRACE.toMillis());
    private final Set<String> jailsThatBanned = new TreeSet<>();
    private EngineFixture fixture = engine();
    private List<Ban> stored = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void bansWhomTheModelBansAtTheSameTimes(long seed) {
        Random random = new Random(seed);
        List<JailConfig> jails = jails(5);
        for (int step = 0; step < 6_000; step++) {
            int choice = random.nextInt(1_000);
            if (choice < 800) {
                observe(random, jails);
            } else if (choice < 970) {
                fixture.clock.advance(Duration.ofMillis(stepOfTime(random)));
            } else if (choice < 980) {
                OneHost host = new OneHost(oneOf(HOSTS, random));
                unban(oneOf(CLIENTS, random), random.nextBoolean() ? AllHosts.ALL_HOSTS : host);
            } else if (choice < 983) {
                unban(oneOf(CLIENTS, random), null);
            } else if (choice < 988) {
                jails = jails(3 + random.nextInt(4));
            } else if (choice < 990) {
                restart();
            } else {
                fixture.engine.upkeep();
            }
            assertSame(step);
        }
        assertThat(jailsThatBanned)
                .contains("forbidden", "missing", "secrets", "probing", "slow", "said", "trial", "again", "promoted");
    }

    private static EngineFixture engine() {
        return bans().promoteAfter(PROMOTE_AFTER)
                .remember(REMEMBER)
                .unbanGrace(GRACE)
                .engine();
    }

    private static List<JailConfig> jails(int maxRetry) {
        StatusSet class4 = new StatusSet.Builder().addClass(4).build();
        Increment doubling = new Increment(1, List.of(), Duration.ofSeconds(9), Duration.ZERO);
        return List.of(
                jail("forbidden")
                        .maxRetry(maxRetry)
                        .findTime(Duration.ofSeconds(1))
                        .banTime(Duration.ofSeconds(2))
                        .increment(doubling)
                        .build(),
                jail("missing")
                        .statuses(class4)
                        .maxRetry(6 * maxRetry)
                        .weight(2)
                        .findTime(Duration.ofSeconds(10))
                        .banTime(Duration.ofSeconds(10))
                        .build(),
                jail("secrets")
                        .statuses(StatusSet.ANY)
                        .paths("/.env")
                        .maxRetry(2 * maxRetry)
                        .findTime(Duration.ofSeconds(3))
                        .banTime(Duration.ofSeconds(3))
                        .scope(Scope.ALL)
                        .build(),
                jail("probing")
                        .statuses(class4)
                        .count(Count.DISTINCT_PATHS)
                        .maxRetry(4)
                        .findTime(Duration.ofMillis(700))
                        .banTime(Duration.ofSeconds(2))
                        .build(),
                jail("slow")
                        .on(On.TIMEOUT, On.PROTOCOL_ERROR)
                        .statuses(StatusSet.ANY)
                        .maxRetry(maxRetry)
                        .findTime(Duration.ofSeconds(5))
                        .banTime(Duration.ofMillis(2_500))
                        .build(),
                jail("said")
                        .on(On.VERDICT)
                        .statuses(StatusSet.ANY)
                        .maxRetry(3 * maxRetry)
                        .findTime(Duration.ofSeconds(5))
                        .banTime(Duration.ofMillis(1_700))
                        .build(),
                jail("trial")
                        .maxRetry(2)
                        .findTime(Duration.ofSeconds(2))
                        .banTime(Duration.ofSeconds(4))
                        .dryRun()
                        .build(),
                jail("again")
                        .on(On.BAN)
                        .maxRetry(2)
                        .findTime(Duration.ofSeconds(15))
                        .banTime(Duration.ofSeconds(6))
                        .build());
    }

    /** Often none, often to the very edge of a window or a ban. */
    private static long stepOfTime(Random random) {
        long[] steps = {1, 10, 100, 999, 1_000, 1_001, 1_999, 2_000, 3_000, 5_000, 9_999, 10_000, 60_000};
        return random.nextInt(3) > 0 ? random.nextInt(200) : steps[random.nextInt(steps.length)];
    }

    private static <T> T oneOf(List<T> all, Random random) {
        return all.get(random.nextInt(all.size()));
    }

    private void observe(Random random, List<JailConfig> jails) {
        String client = oneOf(CLIENTS, random);
        String host = oneOf(HOSTS, random);
        Seen seen = seen(random);
        ClientAddress address = ClientAddress.direct(ip(client));
        JailSet set = fixture.engine.jailsOf(host, jails);
        Request request = Request.get(seen.path());
        Observation observation = seen.kind() == On.RESPONSE
                ? new Observation.Answer(address, set, request, seen.status(), seen.weight())
                : new Observation.Violation(address, set, request, seen.status(), seen.kind());
        int told = fixture.told.banned.size();

        Ban ban = fixture.engine.observe(observation);

        List<Ban> fallen = fixture.told.banned.subList(told, fixture.told.banned.size());
        assertThat(ban != null).isEqualTo(fallen.stream().anyMatch(one -> !one.isDryRun()));
        fallen.forEach(one -> jailsThatBanned.add(one.jail()));
        stored.addAll(fallen);
        naive.observe(client, host, jails, seen, fixture.clock.millis());
    }

    private static Seen seen(Random random) {
        String path = oneOf(PATHS, random);
        int choice = random.nextInt(100);
        if (choice < 15) {
            On kind = random.nextBoolean() ? On.TIMEOUT : On.PROTOCOL_ERROR;
            return new Seen(kind, random.nextBoolean() ? 0 : 400, path, AnswerWeight.UNSAID);
        }
        int weight = choice < 97 ? choice % 5 : AnswerWeight.NOW;
        AnswerWeight said = choice < 80 ? AnswerWeight.UNSAID : new AnswerWeight(weight);
        return new Seen(On.RESPONSE, STATUSES[random.nextInt(STATUSES.length)], path, said);
    }

    private void unban(String client, @Nullable BanScope scope) {
        List<Ban> lifted = scope == null ? fixture.engine.unban(ip(client)) : fixture.engine.unban(ip(client), scope);
        long now = fixture.clock.millis();
        // What a store does with the news.
        for (Ban ban : lifted) {
            stored.removeIf(other -> other.client().equals(ban.client())
                    && other.scope().equals(ban.scope())
                    && other.isDryRun() == ban.isDryRun());
        }
        naive.unban(client, scope, now);
    }

    /** All that is left is what the listener has heard. */
    private void restart() {
        EngineFixture restarted = engine();
        restarted.clock.set(fixture.clock.millis());
        stored.forEach(restarted.engine::restore);
        assertThat(restarted.told.banned).isEmpty();
        fixture = restarted;
        naive.restart();
    }

    private void assertSame(int step) {
        long now = fixture.clock.millis();
        Set<Banned> actual = fixture.engine.bans().stream()
                .map(ban -> new Banned(nameOf(ban), ban.scope(), ban.jail(), ban.isDryRun(), ban.since(), ban.until()))
                .collect(Collectors.toSet());
        assertThat(actual).as("step %d", step).isEqualTo(Set.copyOf(naive.inForce(now)));
        for (String client : CLIENTS) {
            for (String host : HOSTS) {
                assertThat(fixture.verdict(client, host) instanceof Verdict.Refuse)
                        .as("step %d: %s on %s", step, client, host)
                        .isEqualTo(naive.isCovered(client, new OneHost(host), false, now));
            }
        }
    }

    private String nameOf(Ban ban) {
        return CLIENTS.stream()
                .filter(client -> fixture.engine.keyOf(ip(client)).equals(ban.client()))
                .findFirst()
                .orElseThrow();
    }
}
