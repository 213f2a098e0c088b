package io.portcullis.server.observe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonFormatTest {
    private final JsonFormat format = new JsonFormat();

    @Test
    void tellsEverythingUnderItsPromisedName() {
        AccessRecord entry = Records.get("/admin?x=1")
                .host("shop.example")
                .status(403)
                .bytesReceived(12)
                .durationMicros(1_500)
                .upstream("http://127.0.0.1:8080", 1_200)
                .referer("https://shop.example/")
                .userAgent("curl/8.0")
                .authorization(BasicUserTest.basic("alice:secret"))
                .requestId("r-1")
                .refusedBy("httpd-forbidden")
                .tls("TLSv1.3", "TLS_AES_128_GCM_SHA256")
                .tlsServerName("shop.example")
                .alpn("h2")
                .build();
        assertThat(Records.line(format, entry))
                .isEqualTo("{\"time\":\"2026-11-22T18:00:00.007Z\",\"client\":\"192.0.2.7\",\"peer\":\"2001:db8::1\","
                        + "\"virtual_host\":\"shop\",\"host\":\"shop.example\",\"method\":\"GET\","
                        + "\"target\":\"/admin?x=1\",\"protocol\":\"HTTP/1.1\",\"status\":403,\"bytes_received\":12,"
                        + "\"bytes_sent\":548,\"duration_us\":1500,\"upstream\":\"http://127.0.0.1:8080\","
                        + "\"upstream_us\":1200,\"referer\":\"https://shop.example/\",\"user_agent\":\"curl/8.0\","
                        + "\"user\":\"alice\",\"request_id\":\"r-1\",\"refused_by\":\"httpd-forbidden\","
                        + "\"tls_version\":\"TLSv1.3\",\"tls_cipher\":\"TLS_AES_128_GCM_SHA256\","
                        + "\"tls_sni\":\"shop.example\",\"alpn\":\"h2\"}\n");
    }

    @Test
    void whatIsAbsentIsNull() {
        AccessRecord entry = AccessRecord.builder(Records.START, Records.CLIENT, Records.CLIENT)
                .status(444)
                .build();
        assertThat(Records.line(format, entry))
                .isEqualTo("{\"time\":\"2026-11-22T18:00:00.007Z\",\"client\":\"192.0.2.7\",\"peer\":\"192.0.2.7\","
                        + "\"virtual_host\":\"-\",\"host\":null,\"method\":null,\"target\":null,\"protocol\":null,"
                        + "\"status\":444,\"bytes_received\":0,\"bytes_sent\":0,\"duration_us\":0,\"upstream\":null,"
                        + "\"upstream_us\":null,\"referer\":null,\"user_agent\":null,\"user\":null,"
                        + "\"request_id\":null,\"refused_by\":null,\"tls_version\":null,\"tls_cipher\":null,"
                        + "\"tls_sni\":null,\"alpn\":null}\n");
    }

    @Test
    void whateverAStrangerSendsIsOneLineOfAsciiThatReadsBackAsItWas() {
        for (String nasty : NastyTexts.all()) {
            String line = Records.line(format, Records.everywhere(nasty));
            assertThat(line).as("%s", nasty).matches("[\\x20-\\x7e]+\n");
            Config read = ConfigFactory.parseString(
                    line, ConfigParseOptions.defaults().setSyntax(ConfigSyntax.JSON));
            String expected = NastyTexts.asUtf8Has(nasty);
            for (String field : List.of(
                    "virtual_host",
                    "host",
                    "method",
                    "target",
                    "protocol",
                    "upstream",
                    "referer",
                    "user_agent",
                    "refused_by",
                    "tls_version",
                    "tls_cipher",
                    "tls_sni",
                    "alpn")) {
                assertThat(read.getString(field)).as(field).isEqualTo(expected);
            }
            assertThat(expected.isEmpty() ? "" : read.getString("request_id")).isEqualTo(expected);
            assertThat(read.getInt("status")).isZero();
            assertThat(read.root()).hasSize(23);
        }
    }

    /** A name may hold anything but a colon and, being bytes, reads back as one character a byte. */
    @Test
    void aUsersNameReadsBackAsItWas() {
        for (String nasty : NastyTexts.all()) {
            String name = nasty.replace(":", "");
            String line = Records.line(
                    format,
                    Records.get("/")
                            .authorization(BasicUserTest.basic(name + ":secret"))
                            .build());
            assertThat(line).matches("[\\x20-\\x7e]+\n").doesNotContain("secret");
            Config read = ConfigFactory.parseString(
                    line, ConfigParseOptions.defaults().setSyntax(ConfigSyntax.JSON));
            assertThat(name.isEmpty() ? "" : read.getString("user"))
                    .isEqualTo(new String(name.getBytes(UTF_8), ISO_8859_1));
        }
    }

    /** If it breaks: one request makes a line of hundreds of MiB, and whoever reads the log with it. */
    @Test
    void noValueGrowsByMoreThanItsEscapes() {
        String longest = "\u009b".repeat(16 * 1024);
        AccessRecord entry = Records.get(longest).userAgent(longest).build();
        assertThat(Records.line(format, entry)).hasSizeLessThan(2 * 16 * 1024 * 6 + 1024);
    }

    @Test
    void aPasswordIsNeverWritten() {
        String line = Records.line(
                format,
                Records.get("/")
                        .authorization(BasicUserTest.basic("alice:hunter2"))
                        .build());
        assertThat(line).doesNotContain("hunter2", "YWxpY2");
        assertThat(line.getBytes(UTF_8)).hasSize(line.length());
    }
}
