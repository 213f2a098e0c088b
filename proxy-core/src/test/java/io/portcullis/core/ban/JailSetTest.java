package io.portcullis.core.ban;

import static io.portcullis.core.ban.JailBuilder.jail;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.core.config.JailConfig;
import io.portcullis.core.http.StatusSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class JailSetTest {

    private static final StatusSet CLASS_4 = new StatusSet.Builder().addClass(4).build();

    @Test
    void aStatusThatNoJailNamesIsNoCandidate() {
        JailSet jails = jail("forbidden").on("shop");

        assertThat(jails.mayCount(200)).isFalse();
        assertThat(jails.mayCount(402)).isFalse();
        assertThat(jails.mayCount(403)).isTrue();
        assertThat(jails.mayCount(404)).isFalse();
    }

    @Test
    void aHostWithoutJailsCountsNothing() {
        JailSet jails = JailSet.of("shop", List.of());

        assertThat(jails.mayCount(403)).isFalse();
        assertThat(jails.mayCount(403, Request.get("/"))).isFalse();
    }

    @Test
    void aJailOfPathsTakesEveryStatusEvenThoseThatDoNotExist() {
        JailSet jails = jail("secrets")
                .statuses(StatusSet.ANY)
                .paths("/.env", "*/.git/*")
                .on("shop");

        for (int status : new int[] {-1, 0, 99, 100, 200, 404, 599, 600, 999, Integer.MAX_VALUE}) {
            assertThat(jails.mayCount(status)).as("status %d", status).isTrue();
            assertThat(jails.mayCount(status, Request.get("/.env"))).isTrue();
            assertThat(jails.mayCount(status, Request.get("/"))).isFalse();
        }
    }

    @Test
    void aJailOfStatusesIgnoresCodesOutsideThem() {
        JailSet jails = jail("4xx").statuses(CLASS_4).on("shop");

        assertThat(jails.mayCount(-1)).isFalse();
        assertThat(jails.mayCount(600)).isFalse();
        assertThat(jails.mayCount(Integer.MAX_VALUE)).isFalse();
    }

    @Test
    void bothConditionsMustHold() {
        JailConfig config = jail("logins").statuses(CLASS_4).paths("/login*").build();
        Jail compiled = Jail.compile("shop", config);

        assertThat(compiled.counts(401, Request.get("/login"), AnswerWeight.UNSAID))
                .isTrue();
        assertThat(compiled.counts(200, Request.get("/login"), AnswerWeight.UNSAID))
                .isFalse();
        assertThat(compiled.counts(401, Request.get("/"), AnswerWeight.UNSAID)).isFalse();
    }

    @Test
    void eachStatusHasTheJailsThatCouldCountIt() {
        JailSet jails = JailSet.of(
                "shop",
                List.of(
                        jail("forbidden").build(),
                        jail("4xx").statuses(CLASS_4).build(),
                        jail("secrets").statuses(StatusSet.ANY).paths("/.env").build()));

        assertThat(jails.candidates(403)).extracting(Jail::name).containsExactly("forbidden", "4xx", "secrets");
        assertThat(jails.candidates(404)).extracting(Jail::name).containsExactly("4xx", "secrets");
        assertThat(jails.candidates(200)).extracting(Jail::name).containsExactly("secrets");
    }
}
