package io.portcullis.core.ban;

import static io.portcullis.core.ban.EngineFixture.ip;
import static io.portcullis.core.ban.JailBuilder.jail;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.core.ban.BanScope.AllHosts;
import io.portcullis.core.ban.BanScope.OneHost;
import io.portcullis.core.config.JailConfig;
import io.portcullis.core.config.JailConfig.Scope;
import io.portcullis.core.config.PathPattern;
import io.portcullis.core.http.StatusSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Holds the engine against a model that keeps every offence in a list and does nothing clever, over random sequences of
 * answers, unbans, reloads, sweeps and steps of time.
 */
class BanEngineModelTest {

    private static final List<String> CLIENTS = List.of("192.0.2.1", "192.0.2.2", "2001:db8::1");
    private static final List<String> HOSTS = List.of("shop", "blog");
    private static final List<String> PATHS = List.of("/", "/.env");
    private static final int[] STATUSES = {200, 403, 404};

    private final EngineFixture fixture = new EngineFixture();
    private final Map<String, List<Long>> offences = new HashMap<>();
    private final Map<String, Banned> banned = new HashMap<>();

    private record Banned(String client, BanScope scope, String jail, long since, long until) {}

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void bansWhomTheModelBansAtTheSameTimes(long seed) {
        Random random = new Random(seed);
        List<JailConfig> jails = jails(5);
        for (int step = 0; step < 6_000; step++) {
            String client = CLIENTS.get(random.nextInt(CLIENTS.size()));
            String host = HOSTS.get(random.nextInt(HOSTS.size()));
            int choice = random.nextInt(1_000);
            if (choice < 800) {
                answer(client, host, jails, PATHS.get(random.nextInt(2)), STATUSES[random.nextInt(3)]);
            } else if (choice < 970) {
                fixture.clock.advance(Duration.ofMillis(stepOfTime(random)));
            } else if (choice < 980) {
                unban(client, random.nextBoolean() ? AllHosts.ALL_HOSTS : new OneHost(host));
            } else if (choice < 985) {
                unban(client);
            } else if (choice < 990) {
                jails = jails(3 + random.nextInt(4));
            } else {
                fixture.engine.upkeep();
            }
            assertSame(step);
        }
        assertThat(fixture.told.banned).hasSizeGreaterThan(50);
    }

    private static List<JailConfig> jails(int maxRetry) {
        return List.of(
                jail("forbidden")
                        .maxRetry(maxRetry)
                        .findTime(Duration.ofSeconds(1))
                        .banTime(Duration.ofSeconds(2))
                        .build(),
                jail("missing")
                        .statuses(new StatusSet.Builder().addClass(4).build())
                        .maxRetry(4 * maxRetry)
                        .findTime(Duration.ofSeconds(10))
                        .banTime(Duration.ofSeconds(30))
                        .build(),
                jail("secrets")
                        .statuses(StatusSet.ANY)
                        .paths("/.env")
                        .maxRetry(2 * maxRetry)
                        .findTime(Duration.ofSeconds(3))
                        .banTime(Duration.ofSeconds(5))
                        .scope(Scope.ALL)
                        .build());
    }

    /** Often none, often to the very edge of a window or a ban. */
    private static long stepOfTime(Random random) {
        long[] steps = {1, 10, 100, 999, 1_000, 1_001, 1_999, 2_000, 3_000, 5_000, 9_999, 10_000, 60_000};
        return random.nextInt(3) > 0 ? random.nextInt(200) : steps[random.nextInt(steps.length)];
    }

    private void answer(String client, String host, List<JailConfig> jails, String path, int status) {
        fixture.answer(client, JailSet.of(host, jails), path, status);
        long now = fixture.clock.millis();
        boolean hostBanned = isBanned(client, new OneHost(host), now);
        boolean allBanned = isBanned(client, AllHosts.ALL_HOSTS, now);
        for (JailConfig jail : jails) {
            boolean all = jail.penalty().scope() == Scope.ALL;
            boolean counts = jail.conditions().statuses().contains(status)
                    && (jail.conditions().paths().isEmpty()
                            || jail.conditions().paths().contains(new PathPattern.Glob(path)));
            if (!counts || allBanned || (hostBanned && !all)) {
                continue;
            }
            List<Long> times =
                    offences.computeIfAbsent(client + "|" + host + "|" + jail.name(), key -> new ArrayList<>());
            times.add(now);
            long within = times.stream()
                    .filter(time -> now - time < jail.threshold().findTime().toMillis())
                    .count();
            if (within >= jail.threshold().maxRetry()) {
                times.clear();
                BanScope scope = all ? AllHosts.ALL_HOSTS : new OneHost(host);
                long until = now + jail.penalty().banTime().toMillis();
                banned.merge(
                        client + scope,
                        new Banned(client, scope, jail.name(), now, until),
                        (old, added) -> old.until() >= added.until() ? old : added);
            }
        }
    }

    private void unban(String client, BanScope scope) {
        fixture.engine.unban(ip(client), scope);
        banned.remove(client + scope);
        for (String host : HOSTS) {
            for (JailConfig jail : jails(1)) {
                BanScope of = jail.penalty().scope() == Scope.ALL ? AllHosts.ALL_HOSTS : new OneHost(host);
                if (of.equals(scope)) {
                    offences.remove(client + "|" + host + "|" + jail.name());
                }
            }
        }
    }

    private void unban(String client) {
        fixture.engine.unban(ip(client));
        banned.values().removeIf(ban -> ban.client().equals(client));
        offences.keySet().removeIf(key -> key.startsWith(client + "|"));
    }

    private boolean isBanned(String client, BanScope scope, long now) {
        return banned.values().stream()
                .anyMatch(ban -> ban.client().equals(client)
                        && now < ban.until()
                        && (ban.scope() == AllHosts.ALL_HOSTS || ban.scope().equals(scope)));
    }

    private void assertSame(int step) {
        long now = fixture.clock.millis();
        banned.values().removeIf(ban -> now >= ban.until());
        Set<Banned> actual = fixture.engine.bans().stream()
                .map(ban -> new Banned(nameOf(ban), ban.scope(), ban.jail(), ban.since(), ban.until()))
                .collect(Collectors.toSet());
        assertThat(actual).as("step %d", step).isEqualTo(Set.copyOf(banned.values()));
        for (String client : CLIENTS) {
            for (String host : HOSTS) {
                assertThat(fixture.verdict(client, host) instanceof Verdict.Refuse)
                        .as("step %d: %s on %s", step, client, host)
                        .isEqualTo(isBanned(client, new OneHost(host), now));
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
