package io.portcullis.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParser;
import io.portcullis.server.admin.AdminJson;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The answer to {@code status} as a person reads it, who was woken by it. */
class StatusTextTest {

    private static final String WELL = """
            {"state":"running","problems":[],"version":"1.2.3","pid":42,"started":"2026-11-22T17:00:00.123Z",
             "uptime_ms":97200000,"java":"OpenJDK 17","transport":"epoll","tls_library":"boringssl","event_loops":2,
             "configuration":{"file":"/etc/portcullis.conf","loaded":"2026-11-22T17:00:00.123Z","virtual_hosts":1},
             "last_reload":null,
             "listeners":[{"name":"http","address":"0.0.0.0:80","tls":false,"http2":false,"proxy_protocol":false,"kernel_filter_addresses":2},
                          {"name":"https","address":"[::]:443","tls":true,"http2":true,"proxy_protocol":false}],
             "kernel_filter":{"state":"on","why":null},
             "connections":{"count":1234,"most":20000},"bans":{"count":3,"most":1000000},
             "tracked_clients":{"count":7,"most":200000},
             "store":{"type":"file","path":"/var/lib/bans","fault":null,"waiting":0},
             "access_log":{"target":null,"dropped":0},
             "endpoints_out":[],"certificates":[{"certificate":"a.crt","until":"2026-12-01T00:00:00.000Z","due":false,"fault":null}]}
            """;

    private static StatusText text(String json) throws IOException {
        try (JsonParser parser = AdminJson.parser(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)))) {
            parser.nextToken();
            return new StatusText(JsonDocument.read(parser));
        }
    }

    @Test
    void aProcessThatIsWellSaysSoFirst() throws IOException {
        assertThat(text(WELL).forPerson())
                .containsExactly(
                        "portcullis is running, and nothing is wrong",
                        "",
                        "process          version 1.2.3, pid 42, up 1d3h since 2026-11-22T17:00:00Z",
                        "configuration    /etc/portcullis.conf, loaded 2026-11-22T17:00:00Z, 1 virtual host",
                        "last reload      none",
                        "listener         http at 0.0.0.0:80",
                        "listener         https at [::]:443 (tls, http2)",
                        "kernel filter    on, refuses 2 addresses",
                        "connections      1,234 of at most 20,000",
                        "bans             3 of at most 1,000,000",
                        "clients counted  7 of at most 200,000",
                        "store            /var/lib/bans",
                        "access log       off",
                        "certificate      a.crt until 2026-12-01T00:00:00Z",
                        "runs on          OpenJDK 17, epoll, boringssl, 2 event loops");
    }

    /** If it breaks: what is wrong has to be found among what is not, or a file's name clears the screen. */
    @Test
    void whatIsWrongStandsFirstAndCannotActOnTheTerminal() throws IOException {
        String sick = WELL.replace("\"problems\":[]", "\"problems\":[\"one\\u001b[2J\",\"two\"]");
        assertThat(text(sick).forPerson().subList(0, 4))
                .containsExactly("portcullis is running, and 2 things are wrong", "  ! one\\x1B[2J", "  ! two", "");
        assertThat(text(sick).plain()).startsWith("state\trunning", "problem\tone\\x1B[2J", "problem\ttwo");
    }

    @Test
    void whyTheKernelRefusesNobodyIsSeen() throws IOException {
        String without = WELL.replace(
                "\"kernel_filter\":{\"state\":\"on\",\"why\":null}",
                "\"kernel_filter\":{\"state\":\"unavailable\",\"why\":\"no capability\"}");
        assertThat(text(without).plain()).contains("kernel filter\tnone: no capability");
    }

    @Test
    void aReloadThatWasRefusedIsSeen() throws IOException {
        String refused = WELL.replace(
                "\"last_reload\":null", "\"last_reload\":{\"time\":\"2026-11-22T18:00:00.000Z\",\"applied\":false}");
        assertThat(text(refused).plain()).contains("last reload\trefused 2026-11-22T18:00:00Z");
    }

    /** If it breaks: during an upgrade nobody can look at the old process. */
    @Test
    void aProcessOfAnotherVersionIsToldAsFarAsItTells() throws IOException {
        assertThat(text("{\"state\":\"running\",\"listeners\":7,\"more\":[1.5,true,{}]}")
                        .plain())
                .startsWith("state\trunning")
                .contains("connections\t0 of at most 0");
    }

    @Test
    void uptimeIsToldInItsTwoLargestUnits() {
        assertThat(List.of(
                        StatusText.uptime(Duration.ofSeconds(0)),
                        StatusText.uptime(Duration.ofSeconds(61)),
                        StatusText.uptime(Duration.ofHours(24)),
                        StatusText.uptime(Duration.ofDays(400).plusHours(5).plusMinutes(3))))
                .containsExactly("0s", "1m1s", "1d", "400d5h");
    }
}
