package io.portcullis.core.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Two ways to write one host must not lead to two virtual hosts, or a ban on one is escaped by the other. */
final class HostNameTest {

    @ParameterizedTest
    @CsvSource({
        "example.com, example.com",
        "EXAMPLE.Com, example.com",
        "example.com., example.com",
        "example.com:80, example.com",
        "example.com:, example.com",
        "example.com.:65535, example.com",
        "localhost, localhost",
        "my_app-1.internal, my_app-1.internal",
        "192.0.2.1:8080, 192.0.2.1",
        "1, 1",
        "a:0, a",
        "[::1], [::1]",
        "[::1]:8080, [::1]",
        "[::1]:, [::1]",
        "[2001:DB8:0:0::1], [2001:db8::1]",
        "[::ffff:192.0.2.1], 192.0.2.1",
    })
    void givesOneFormOfAHost(String authority, String host) {
        assertThat(HostName.parse(authority)).isEqualTo(host);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ".",
                "..",
                ":",
                ":80",
                ".:80",
                ".a",
                "a..",
                "a..b",
                "user@example.com",
                "a@",
                "a b",
                " a",
                "a ",
                "a\tb",
                "a/b",
                "a?b",
                "a#b",
                "a\\b",
                "a%20b",
                "a%2eb",
                "a,b",
                "a;b",
                "*.a",
                "a\u0000",
                "é.com",
                "\u212A.com",
                "a:b",
                "a:80:80",
                "a:-1",
                "a:+1",
                "a:65536",
                "a:99999",
                "a:000080",
                "a:8o",
                "::1",
                "2001:db8::1",
                "[",
                "[]",
                "[:]",
                "[::1",
                "::1]",
                "[::1]80",
                "[::1]:x",
                "[::1]:65536",
                "[::1].a",
                "[192.0.2.1]",
                "[::1%eth0]",
                "[v1.a:b]",
                "[[::1]]",
                "http://a"
            })
    void refusesWhatParsersDifferAbout(String authority) {
        assertThat(HostName.parse(authority)).isNull();
    }

    @Test
    void aHostIsAtMost255CharactersLong() {
        String longest = "a".repeat(255);
        assertThat(HostName.parse(longest + ":65535")).isEqualTo(longest);
        assertThat(HostName.parse(longest + "a")).isNull();
    }

    @Test
    void aHostInItsFormAlreadyIsTheVerySameText() {
        String host = "shop.example.com";
        assertThat(HostName.parse(host)).isSameAs(host);
    }

    @Test
    void noInputThrowsAndEveryHostIsItsOwnForm() {
        Random random = new Random(12);
        for (int i = 0; i < 200_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(10); n > 0; n--) {
                text.append("aB.:-_[]019f@ ".charAt(random.nextInt(14)));
            }
            String host = HostName.parse(text.toString());
            if (host != null) {
                assertThat(HostName.parse(host)).as("%s", text).isEqualTo(host);
                assertThat(HostName.parse(host + ":80")).as("%s", text).isEqualTo(host);
            }
        }
    }
}
