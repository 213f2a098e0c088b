package io.portcullis.core.ban;

import static io.portcullis.core.ban.BanEngineAllocationTest.assertAllocatesNothing;
import static io.portcullis.core.ban.JailBuilder.jail;

import io.portcullis.core.http.RequestHead;
import io.portcullis.core.http.StatusSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What no jail counts makes no garbage, whatever the jails look at. */
class JailSetAllocationTest {

    private static final String BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0";

    private final JailSet jails = JailSet.of(
            "shop",
            List.of(
                    jail("forbidden").build(),
                    jail("probing")
                            .statuses(new StatusSet.Builder().add(404).build())
                            .ignoredPaths("/favicon.ico", "/robots.txt", "*.map", "/apple-touch-icon*")
                            .build(),
                    jail("auth")
                            .statuses(new StatusSet.Builder().add(401).build())
                            .onlyWithCredentials()
                            .build(),
                    jail("secrets")
                            .statuses(StatusSet.ANY)
                            .paths("/.env", "*/.git/*", "*.bak", "*/etc/passwd", "*a?b*c*", "*~")
                            .build(),
                    jail("scanners")
                            .statuses(StatusSet.ANY)
                            .userAgents("*sqlmap*", "*nikto*", "*zgrab*", "*masscan*", "")
                            .build(),
                    jail("methods").statuses(StatusSet.ANY).methods("TRACE").build()));

    @Test
    void anOrdinaryAnswerAllocatesNothing() {
        RequestHead visit = visit("/products/17");
        AnswerWeight nothing = new AnswerWeight(0);

        assertAllocatesNothing(() -> !jails.mayCount(200, visit));
        assertAllocatesNothing(() -> !jails.mayCount(200, visit, AnswerWeight.UNSAID));
        assertAllocatesNothing(() -> !jails.mayCount(404, visit, nothing));
    }

    @Test
    void anIgnoredMissAllocatesNothing() {
        RequestHead visit = visit("/js/app.js.map");

        assertAllocatesNothing(() -> jails.mayCount(404) && !jails.mayCount(404, visit));
    }

    @Test
    void aChallengeAllocatesNothing() {
        RequestHead visit = visit("/");

        assertAllocatesNothing(() -> jails.mayCount(401) && !jails.mayCount(401, visit));
    }

    private static RequestHead visit(String path) {
        return new Visited(path);
    }

    private record Visited(String path) implements RequestHead {
        @Override
        public String method() {
            return "GET";
        }

        @Override
        public String target() {
            return path;
        }

        @Override
        public @Nullable String header(String name) {
            return name.equals("user-agent") ? BROWSER : null;
        }
    }
}
