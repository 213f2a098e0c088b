package io.portcullis.core.ban;

import static io.portcullis.core.ban.EngineFixture.ip;
import static io.portcullis.core.ban.JailBuilder.jail;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.core.config.JailConfig.Count;
import io.portcullis.core.config.JailConfig.On;
import io.portcullis.core.config.JailConfig.Scope;
import io.portcullis.core.http.StatusSet;
import io.portcullis.core.net.ClientAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The window is exact whatever the jail looks at: an offence that is exactly find-time old is out, one a millisecond
 * younger bans.
 */
class JailWindowTest {

    private static final Duration FIND_TIME = Duration.ofMinutes(1);
    private static final ClientAddress CLIENT = ClientAddress.direct(ip("192.0.2.1"));

    private final EngineFixture fixture = new EngineFixture();

    /**
     * A jail, and the observation that it counts.
     *
     * @param host the jails' virtual host
     * @param weight how many offences it is
     */
    private record Case(
            String name, JailBuilder jail, String host, int weight, Function<JailSet, Observation> offence) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> cases() {
        Visit post = Visit.get("/login").by("POST").with("user-agent", "sqlmap", "authorization", "Basic x");
        Visit visit = Visit.get("/login");
        return Stream.of(
                new Case("statuses", jail("j"), "shop", 1, answer(visit, 403)),
                new Case("paths", any().paths("/log*"), "shop", 1, answer(visit, 200)),
                new Case("a path in disguise", any().paths("/.env"), "shop", 1, answer(Visit.get("/%252eenv"), 404)),
                new Case("methods", any().methods("POST"), "shop", 1, answer(post, 200)),
                new Case("user agents", any().userAgents("*sqlmap*"), "shop", 1, answer(post, 200)),
                new Case("credentials", any().onlyWithCredentials(), "shop", 1, answer(post, 401)),
                new Case("successes", any(), "shop", 1, answer(visit, 200)),
                new Case("beside ignored paths", any().ignoredPaths("/favicon.ico"), "shop", 1, answer(visit, 404)),
                new Case("the jail's weight", jail("j").weight(2), "shop", 2, answer(visit, 403)),
                new Case("verdicts", any().on(On.VERDICT), "shop", 3, weighed(3)),
                new Case("the application's weight", any(), "shop", 2, weighed(2)),
                new Case("on all hosts", jail("j").scope(Scope.ALL), "shop", 1, answer(visit, 403)),
                new Case("protocol errors", any().on(On.PROTOCOL_ERROR), "shop", 1, violation(On.PROTOCOL_ERROR)),
                new Case("time-outs", any().on(On.TIMEOUT), "shop", 1, violation(On.TIMEOUT)),
                new Case("no host", any().on(On.UNKNOWN_HOST), JailSet.NO_HOST, 1, violation(On.UNKNOWN_HOST)),
                new Case("TLS failures", any().on(On.TLS_FAILURE), JailSet.NO_HOST, 1, violation(On.TLS_FAILURE)),
                new Case(
                        "all conditions",
                        jail("j")
                                .statuses(new StatusSet.Builder().addClass(4).build())
                                .paths("/login")
                                .ignoredPaths("*.map")
                                .methods("POST")
                                .userAgents("*sqlmap*")
                                .onlyWithCredentials(),
                        "shop",
                        1,
                        answer(post, 401)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void anOffenceExactlyAsOldAsTheWindowIsOut(Case of) {
        JailSet jails = of.jail.maxRetry(3 * of.weight).findTime(FIND_TIME).on(of.host);
        Observation offence = of.offence.apply(jails);

        assertThat(fixture.engine.observe(offence)).isNull();
        fixture.clock.advance(FIND_TIME.minusMillis(1));
        assertThat(fixture.engine.observe(offence)).isNull();
        fixture.clock.advance(Duration.ofMillis(1));
        assertThat(fixture.engine.observe(offence)).isNull();
        assertThat(fixture.engine.observe(offence)).isNotNull();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void anOffenceAMillisecondYoungerBans(Case of) {
        JailSet jails = of.jail.maxRetry(3 * of.weight).findTime(FIND_TIME).on(of.host);
        Observation offence = of.offence.apply(jails);

        assertThat(fixture.engine.observe(offence)).isNull();
        fixture.clock.advance(Duration.ofSeconds(30));
        assertThat(fixture.engine.observe(offence)).isNull();
        fixture.clock.advance(Duration.ofSeconds(30).minusMillis(1));
        assertThat(fixture.engine.observe(offence)).isNotNull();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aClockSetBackBansNobodyForWhatMayBeLongPast(Case of) {
        JailSet jails = of.jail.maxRetry(3 * of.weight).findTime(FIND_TIME).on(of.host);
        Observation offence = of.offence.apply(jails);

        fixture.engine.observe(offence);
        fixture.engine.observe(offence);
        fixture.clock.advance(Duration.ofHours(-1));
        assertThat(fixture.engine.observe(offence)).isNull();
        assertThat(fixture.engine.observe(offence)).isNull();
        assertThat(fixture.engine.observe(offence)).isNotNull();
    }

    @ParameterizedTest
    @MethodSource("distinctCases")
    void theWindowOfDistinctPathsIsAsExact(List<String> paths, long lastAfterMillis, boolean bans) {
        JailSet jails = any().count(Count.DISTINCT_PATHS)
                .maxRetry(3)
                .findTime(FIND_TIME)
                .on("shop");
        for (int i = 0; i < paths.size(); i++) {
            if (i == paths.size() - 1) {
                fixture.clock.advance(Duration.ofMillis(lastAfterMillis));
            }
            Ban ban = fixture.answer("192.0.2.1", jails, paths.get(i), 404);
            assertThat(ban != null).as("%d", i).isEqualTo(bans && i == paths.size() - 1);
        }
    }

    static Stream<Object[]> distinctCases() {
        long edge = FIND_TIME.toMillis();
        return Stream.of(
                new Object[] {List.of("/a", "/b", "/c"), edge - 1, true},
                new Object[] {List.of("/a", "/b", "/c"), edge, false},
                new Object[] {List.of("/a", "/a", "/a", "/b", "/b"), 0, false},
                new Object[] {List.of("/a", "/b", "/a", "/c"), 0, true});
    }

    private static JailBuilder any() {
        return jail("j").statuses(StatusSet.ANY);
    }

    private static Function<JailSet, Observation> answer(Visit visit, int status) {
        return jails -> new Observation.Answer(CLIENT, jails, visit, status, AnswerWeight.UNSAID);
    }

    private static Function<JailSet, Observation> weighed(int weight) {
        return jails -> new Observation.Answer(CLIENT, jails, Visit.get("/"), 200, new AnswerWeight(weight));
    }

    private static Function<JailSet, Observation> violation(On kind) {
        return jails -> new Observation.Violation(CLIENT, jails, new Request("-", "-", "-"), 0, kind);
    }
}
