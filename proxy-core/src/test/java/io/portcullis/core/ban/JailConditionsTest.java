package io.portcullis.core.ban;

import static io.portcullis.core.ban.EngineFixture.ip;
import static io.portcullis.core.ban.JailBuilder.jail;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.core.config.JailConfig;
import io.portcullis.core.config.JailConfig.Conditions;
import io.portcullis.core.config.JailConfig.On;
import io.portcullis.core.config.PathPattern;
import io.portcullis.core.http.RequestHead;
import io.portcullis.core.http.StatusSet;
import io.portcullis.core.net.ClientAddress;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What counts is what the operator wrote, all of it, and nothing else: each condition alone, and all together. */
class JailConditionsTest {

    private static final StatusSet CLASS_4 = new StatusSet.Builder().addClass(4).build();
    private static final ClientAddress CLIENT = ClientAddress.direct(ip("192.0.2.1"));

    @Test
    void aJailOfMethodsCountsThoseOnlyAsTheyAreSpelt() {
        JailConfig config = any("methods").methods("TRACE", "CONNECT").build();

        assertThat(counts(config, 200, Visit.get("/").by("TRACE"))).isTrue();
        assertThat(counts(config, 200, Visit.get("/").by("CONNECT"))).isTrue();
        assertThat(counts(config, 200, Visit.get("/").by("trace"))).isFalse();
        assertThat(counts(config, 200, Visit.get("/"))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "sqlmap/1.8#stable, true",
        "Mozilla/5.0 SQLMap, true",
        "Mozilla/5.0 (X11; Linux), false",
        "'', false",
    })
    void aJailOfUserAgentsComparesWithoutCase(String userAgent, boolean counted) {
        JailConfig config = any("scanners").userAgents("*sqlmap*", "nikto*").build();

        assertThat(counts(config, 200, Visit.get("/").with("user-agent", userAgent)))
                .isEqualTo(counted);
    }

    @Test
    void anEmptyGlobCountsWhoSendsNoUserAgent() {
        JailConfig config = any("nameless").userAgents("").build();

        assertThat(counts(config, 200, Visit.get("/"))).isTrue();
        assertThat(counts(config, 200, Visit.get("/").with("user-agent", ""))).isTrue();
        assertThat(counts(config, 200, Visit.get("/").with("user-agent", "curl")))
                .isFalse();
    }

    @Test
    void aStarCountsWhateverUserAgentAndNone() {
        JailConfig config = any("all").userAgents("*").build();

        assertThat(counts(config, 200, Visit.get("/"))).isTrue();
        assertThat(counts(config, 200, Visit.get("/").with("user-agent", "curl")))
                .isTrue();
    }

    /** A browser asks without credentials first: the 401 is how it learns that it has to ask its user. */
    @Test
    void aChallengeIsNoOffence() {
        JailConfig config =
                jail("auth").statuses(statuses(401)).onlyWithCredentials().build();

        assertThat(counts(config, 401, Visit.get("/"))).isFalse();
        assertThat(counts(config, 401, Visit.get("/").with("authorization", "Basic x")))
                .isTrue();
        assertThat(counts(config, 200, Visit.get("/").with("authorization", "Basic x")))
                .isFalse();
    }

    @Test
    void aMissOfAnIgnoredPathIsNoOffence() {
        JailConfig config = jail("probing")
                .statuses(CLASS_4)
                .ignoredPaths("/favicon.ico", "/apple-touch-icon*", "*.map")
                .build();

        assertThat(counts(config, 404, Visit.get("/favicon.ico?v=2"))).isFalse();
        assertThat(counts(config, 403, Visit.get("/apple-touch-icon-120x120.png")))
                .isFalse();
        assertThat(counts(config, 404, Visit.get("/js/app.js.MAP"))).isFalse();
        assertThat(counts(config, 404, Visit.get("/admin"))).isTrue();
    }

    /** A flood of the icon is a flood, and a broken application's 500 there is one as elsewhere. */
    @Test
    void onlyAMissIsIgnored() {
        JailConfig config = any("flood").ignoredPaths("/favicon.ico").build();

        assertThat(counts(config, 399, Visit.get("/favicon.ico"))).isTrue();
        assertThat(counts(config, 400, Visit.get("/favicon.ico"))).isFalse();
        assertThat(counts(config, 499, Visit.get("/favicon.ico"))).isFalse();
        assertThat(counts(config, 500, Visit.get("/favicon.ico"))).isTrue();
    }

    /** Otherwise a probe would be written so that one of its readings is ignored. */
    @ParameterizedTest
    @ValueSource(
            strings = {"/admin/%252e%252e/%252e%252e/favicon.ico", "/a%5c..%5cfavicon.ico", "/x%2500/favicon.ico/"})
    void nobodyGetsAProbeIgnoredByWritingItInAnOddWay(String target) {
        JailConfig config = any("probing").ignoredPaths("/favicon.ico").build();

        assertThat(counts(config, 404, Visit.get(target))).isTrue();
    }

    @Test
    void anExpressionIsHeldAgainstThePathAndItsReadings() {
        PathPattern numbers = new PathPattern.Regex("regex:^/[0-9]+\\.php$", path -> path.matches("/[0-9]+\\.php"));
        JailConfig config = withPaths(List.of(new PathPattern.Glob("/.env"), numbers));

        assertThat(counts(config, 404, Visit.get("/123.php"))).isTrue();
        assertThat(counts(config, 404, Visit.get("/%2531.php"))).isTrue();
        assertThat(counts(config, 404, Visit.get("/.env"))).isTrue();
        assertThat(counts(config, 404, Visit.get("/a.php"))).isFalse();
    }

    @Test
    void anExpressionCanBeIgnoredToo() {
        PathPattern icons = new PathPattern.Regex("regex:icon", path -> path.contains("icon"));
        JailConfig config = any("probing").build();
        Conditions of = config.conditions();
        JailConfig ignoring = new JailConfig(
                "probing",
                new Conditions(of.on(), of.statuses(), List.of(), List.of(icons), Set.of(), List.of(), false),
                config.threshold(),
                config.penalty(),
                false);

        assertThat(counts(ignoring, 404, Visit.get("/my-icon.png"))).isFalse();
        assertThat(counts(ignoring, 404, Visit.get("/mine.png"))).isTrue();
    }

    @Test
    void allThatIsGivenMustHold() {
        JailConfig config = jail("all")
                .statuses(CLASS_4)
                .paths("/login*", "/admin*", "/user*", "/session*")
                .methods("POST")
                .userAgents("*bot*", "*crawler*", "*spider*", "*scan*")
                .ignoredPaths("*.map")
                .onlyWithCredentials()
                .build();
        Visit offence = Visit.get("/login").by("POST").with("user-agent", "MyBot", "authorization", "Basic x");

        assertThat(counts(config, 401, offence)).isTrue();
        assertThat(counts(config, 200, offence)).isFalse();
        assertThat(counts(config, 401, offence.by("GET"))).isFalse();
        assertThat(counts(config, 401, offence.with("user-agent", "MyBot"))).isFalse();
        assertThat(counts(config, 401, offence.with("user-agent", "Firefox", "authorization", "Basic x")))
                .isFalse();
        assertThat(counts(config, 401, offence.with("authorization", "Basic x")))
                .isFalse();
        assertThat(counts(config, 401, new Visit("POST", "/", offence.fields())))
                .isFalse();
        assertThat(counts(config, 401, new Visit("POST", "/login.map", offence.fields())))
                .isFalse();
    }

    /** The jails of a host are asked together, which must not make one answer for another. */
    @Test
    void jailsAskedTogetherCountAsEachAlone() {
        List<JailConfig> configs = List.of(
                jail("forbidden").build(),
                any("secrets").paths("/.env", "/.git/*", "*.bak", "*~").build(),
                any("posts").paths("/login").methods("POST").build(),
                any("scanners").userAgents("*sqlmap*", "").build(),
                any("both").paths("/admin*").userAgents("*bot*").build(),
                jail("auth").statuses(statuses(401)).onlyWithCredentials().build());
        JailSet together = JailSet.of("shop", configs);
        for (String target : List.of("/", "/.env", "/login", "/admin", "/x.bak", "/%252eenv")) {
            for (String userAgent : List.of("", "Firefox", "sqlmap", "bot")) {
                for (String method : List.of("GET", "POST")) {
                    for (int status : new int[] {200, 401, 403, 700}) {
                        Visit visit =
                                Visit.get(target).by(method).with("user-agent", userAgent, "authorization", "Basic x");
                        boolean any = configs.stream().anyMatch(config -> counts(config, status, visit));
                        assertThat(together.mayCount(status, visit))
                                .as("%s %s by %s: %d", method, target, userAgent, status)
                                .isEqualTo(any);
                    }
                }
            }
        }
    }

    private static boolean counts(JailConfig config, int status, RequestHead head) {
        JailSet jails = JailSet.of("shop", List.of(config));
        Observation.Answer answer = new Observation.Answer(CLIENT, jails, head, status, AnswerWeight.UNSAID);
        boolean counts = Jail.compile("shop", config).offences(answer) == 1;
        assertThat(jails.mayCount(status, head)).as("both ways to ask").isEqualTo(counts);
        assertThat(jails.mayCount(status) || !counts).as("the first look").isTrue();
        return counts;
    }

    private static JailBuilder any(String name) {
        return jail(name).statuses(StatusSet.ANY);
    }

    private static StatusSet statuses(int status) {
        return new StatusSet.Builder().add(status).build();
    }

    private static JailConfig withPaths(List<PathPattern> paths) {
        JailConfig config = any("paths").build();
        return new JailConfig(
                "paths",
                new Conditions(Set.of(On.RESPONSE), StatusSet.ANY, paths, List.of(), Set.of(), List.of(), false),
                config.threshold(),
                config.penalty(),
                false);
    }
}
