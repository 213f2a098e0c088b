package io.portcullis.server.observe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
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
            // Half a surrogate pair cannot be written in UTF-8, and is replaced.
            String expected = nasty.codePoints()
                    .map(c -> c >= 0xD800 && c <= 0xDFFF ? 0xFFFD : c)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();
            assertThat(read.getString("target")).isEqualTo(expected);
            assertThat(read.getString("user_agent")).isEqualTo(expected);
            assertThat(read.getInt("status")).isZero();
            assertThat(read.root()).hasSize(23);
        }
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
