package io.portcullis.core.ban;

import static io.portcullis.core.ban.EngineFixture.ip;
import static io.portcullis.core.ban.JailBuilder.jail;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.core.config.JailConfig;
import io.portcullis.core.config.JailConfig.Count;
import io.portcullis.core.config.JailConfig.On;
import io.portcullis.core.config.JailConfig.Scope;
import io.portcullis.core.http.StatusSet;
import io.portcullis.core.net.ClientAddress;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a jail looks at, and how many offences an observation is. */
class JailKindsTest {

    private static final ClientAddress CLIENT = ClientAddress.direct(ip("192.0.2.1"));
    private static final AnswerWeight NOT_AT_ALL = new AnswerWeight(0);
    private static final AnswerWeight THREE = new AnswerWeight(3);
    private static final AnswerWeight NOW = new AnswerWeight(AnswerWeight.NOW);

    @ParameterizedTest
    @EnumSource(names = {"PROTOCOL_ERROR", "TLS_FAILURE", "UNKNOWN_HOST", "TIMEOUT"})
    void aViolationCountsWhereItsKindIsNamed(On kind) {
        JailConfig named = any("named").on(kind).build();
        for (On other : List.of(On.PROTOCOL_ERROR, On.TLS_FAILURE, On.UNKNOWN_HOST, On.TIMEOUT)) {
            assertThat(violation(named, "shop", 0, other)).isEqualTo(other == kind ? 1 : 0);
            assertThat(violation(named, JailSet.NO_HOST, 0, other)).isEqualTo(other == kind ? 1 : 0);
        }
        assertThat(answer(named, 400, AnswerWeight.UNSAID)).isZero();
    }

    @Test
    void aJailMayLookAtSeveralKinds() {
        JailConfig config =
                any("several").on(On.PROTOCOL_ERROR, On.TIMEOUT, On.RESPONSE).build();

        assertThat(violation(config, "shop", 0, On.PROTOCOL_ERROR)).isEqualTo(1);
        assertThat(violation(config, "shop", 0, On.TIMEOUT)).isEqualTo(1);
        assertThat(violation(config, "shop", 0, On.TLS_FAILURE)).isZero();
        assertThat(answer(config, 200, AnswerWeight.UNSAID)).isEqualTo(1);
    }

    /** The 400 to a malformed request is an answer of that host, and one offence only. */
    @Test
    void aViolationThatWasAnsweredIsAResponseOfItsHost() {
        JailConfig badRequests =
                jail("bad").statuses(new StatusSet.Builder().add(400).build()).build();
        JailConfig both = any("both").on(On.RESPONSE, On.PROTOCOL_ERROR).build();

        assertThat(violation(badRequests, "shop", 400, On.PROTOCOL_ERROR)).isEqualTo(1);
        assertThat(violation(badRequests, "shop", 408, On.TIMEOUT)).isZero();
        assertThat(violation(badRequests, "shop", 0, On.TLS_FAILURE)).isZero();
        assertThat(violation(both, "shop", 400, On.PROTOCOL_ERROR)).isEqualTo(1);
        assertThat(violation(both, "shop", 408, On.TIMEOUT)).isEqualTo(1);
    }

    /** A scan by bare address gets many a 421; a jail for the answers of applications is not about it. */
    @Test
    void whereThereIsNoHostOnlyTheNamedKindCounts() {
        JailConfig answers = any("answers").build();
        JailSet jails = JailSet.of(
                JailSet.NO_HOST, List.of(answers, any("verdicts").on(On.VERDICT).build()));

        assertThat(violation(answers, JailSet.NO_HOST, 421, On.UNKNOWN_HOST)).isZero();
        assertThat(jails.mayCount(421)).isFalse();
        assertThat(jails.mayCount(421, Request.get("/"))).isFalse();
        assertThat(jails.mayCount(421, Request.get("/"), THREE)).isFalse();
    }

    @Test
    void bansWithoutAHostCoverAll() {
        JailConfig config = any("unknown").on(On.UNKNOWN_HOST).scope(Scope.HOST).build();

        assertThat(Jail.compile(JailSet.NO_HOST, config).scope()).isEqualTo(BanScope.AllHosts.ALL_HOSTS);
        assertThat(Jail.compile("shop", config).scope()).isEqualTo(new BanScope.OneHost("shop"));
    }

    @Test
    void theOtherConditionsHoldForViolationsToo() {
        JailConfig config =
                any("uploads").on(On.TIMEOUT).methods("POST").paths("/upload*").build();
        JailSet jails = JailSet.of("shop", List.of(config));
        Jail jail = Jail.compile("shop", config);

        assertThat(jail.offences(new Observation.Violation(
                        CLIENT, jails, Visit.get("/upload").by("POST"), 408, On.TIMEOUT)))
                .isEqualTo(1);
        assertThat(jail.offences(new Observation.Violation(CLIENT, jails, Visit.get("/upload"), 408, On.TIMEOUT)))
                .isZero();
        assertThat(jail.offences(new Observation.Violation(CLIENT, jails, new Request("-", "-", "-"), 0, On.TIMEOUT)))
                .isZero();
    }

    @Test
    void anAnswerWeighsWhatTheJailSaysUnlessTheApplicationDoes() {
        JailConfig config = any("heavy").weight(4).build();

        assertThat(answer(config, 200, AnswerWeight.UNSAID)).isEqualTo(4);
        assertThat(answer(config, 200, NOT_AT_ALL)).isZero();
        assertThat(answer(config, 200, THREE)).isEqualTo(3);
        assertThat(answer(config, 200, NOW)).isEqualTo(1);
    }

    @Test
    void theApplicationsWordDoesNotOverrideTheConditions() {
        JailConfig config = jail("forbidden").build();

        assertThat(answer(config, 403, THREE)).isEqualTo(3);
        assertThat(answer(config, 200, THREE)).isZero();
        assertThat(answer(config, 200, NOW)).isZero();
    }

    @Test
    void aJailOfVerdictsCountsWhatTheApplicationWeighedAndBansWhenTold() {
        JailConfig config = any("verdict").on(On.VERDICT).build();

        assertThat(answer(config, 200, AnswerWeight.UNSAID)).isZero();
        assertThat(answer(config, 200, NOT_AT_ALL)).isZero();
        assertThat(answer(config, 200, THREE)).isEqualTo(3);
        assertThat(answer(config, 200, NOW)).isEqualTo(AnswerWeight.NOW);
        assertThat(JailSet.of("shop", List.of(config)).mayCount(200)).isFalse();
    }

    @Test
    void aDistinctPathWeighsOne() {
        JailConfig config = any("probing").count(Count.DISTINCT_PATHS).weight(7).build();
        JailConfig verdict =
                any("probing").count(Count.DISTINCT_PATHS).on(On.VERDICT).build();

        assertThat(answer(config, 404, AnswerWeight.UNSAID)).isEqualTo(1);
        assertThat(answer(config, 404, THREE)).isEqualTo(1);
        assertThat(answer(config, 404, NOT_AT_ALL)).isZero();
        assertThat(answer(verdict, 404, NOW)).isEqualTo(AnswerWeight.NOW);
    }

    /** The engine counts bans for it; an answer must not. */
    @Test
    void aJailOfBansCountsNothingElse() {
        JailConfig config =
                any("recidivists").on(On.BAN, On.RESPONSE, On.TIMEOUT).build();
        JailSet jails = JailSet.of("shop", List.of(jail("forbidden").build(), config));

        assertThat(answer(config, 403, AnswerWeight.UNSAID)).isZero();
        assertThat(violation(config, "shop", 0, On.TIMEOUT)).isZero();
        assertThat(jails.onBan()).extracting(Jail::name).containsExactly("recidivists");
        assertThat(jails.candidates(403)).extracting(Jail::name).containsExactly("forbidden");
    }

    @Test
    void aJailThatNamesStatusesIsKnown() {
        assertThat(Jail.compile("shop", jail("forbidden").build()).namesStatuses())
                .isTrue();
        assertThat(Jail.compile("shop", any("secrets").paths("/.env").build()).namesStatuses())
                .isFalse();
    }

    private static int answer(JailConfig config, int status, AnswerWeight weight) {
        JailSet jails = JailSet.of("shop", List.of(config));
        Observation.Answer answer = new Observation.Answer(CLIENT, jails, Request.get("/"), status, weight);
        int offences = offences(jails, answer);
        assertThat(jails.mayCount(status, Request.get("/"), weight)).isEqualTo(offences > 0);
        return offences;
    }

    private static int violation(JailConfig config, String virtualHost, int status, On kind) {
        JailSet jails = JailSet.of(virtualHost, List.of(config));
        return offences(jails, new Observation.Violation(CLIENT, jails, new Request("-", "-", "-"), status, kind));
    }

    private static int offences(JailSet jails, Observation observation) {
        return Stream.of(jails.candidates(observation))
                .mapToInt(jail -> jail.offences(observation))
                .sum();
    }

    private static JailBuilder any(String name) {
        return jail(name).statuses(StatusSet.ANY);
    }
}
