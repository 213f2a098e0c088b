package io.portcullis.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who knows the token is let in, and no web page. */
class AdminGateTest {

    private static final String TOKEN = "0123456789abcdef";

    @TempDir
    private Path folder = Path.of("");

    private EmbeddedChannel channel = new EmbeddedChannel();

    @BeforeEach
    void open() throws IOException {
        Path file = folder.resolve("token");
        if (Files.notExists(file)) {
            Files.writeString(file, TOKEN);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
        channel = new EmbeddedChannel(new AdminGate(
                AdminToken.readOrMake(file, new SecureRandom()), (method, target) -> target.equals("/public")));
    }

    private static HttpRequest request(String... fields) {
        HttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/v1/bans");
        request.headers().set("Host", "localhost:9900").set("Authorization", "Bearer " + TOKEN);
        for (int i = 0; i < fields.length; i += 2) {
            request.headers().remove(fields[i]);
            if (!fields[i + 1].isEmpty()) {
                request.headers().set(fields[i], fields[i + 1]);
            }
        }
        return request;
    }

    /** 0 where the request was let in. */
    private int statusOf(HttpRequest request) {
        boolean isIn = channel.writeInbound(request);
        FullHttpResponse refusal = channel.readOutbound();
        assertThat(isIn).as("let in, or answered").isEqualTo(refusal == null);
        if (refusal == null) {
            return 0;
        }
        assertThat(refusal.content().toString(StandardCharsets.US_ASCII))
                .startsWith("{\"error\":\"")
                .contains("\",\"expected\":\"");
        refusal.release();
        return refusal.status().code();
    }

    @Test
    void theTokenOpens() {
        assertThat(statusOf(request())).isZero();
    }

    @Test
    void withoutTheTokenNothingIsAnswered() throws IOException {
        assertThat(statusOf(request("Authorization", ""))).isEqualTo(401);
        open();
        assertThat(statusOf(request("Authorization", "Bearer 0123456789abcdeF")))
                .isEqualTo(401);
    }

    /** If it breaks: a page whose name was made to resolve to this machine speaks for the operator (DNS rebinding). */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.test",
                "evil.test:9900",
                "localhost.evil.test",
                "127.0.0.1.evil.test",
                "192.0.2.1",
                "[2001:db8::1]",
                "127.0.0.1@evil.test",
                "127.1",
                "0x7f.0.0.1",
                ":9900"
            })
    void aHostThatIsNotThisMachineIsRefusedEvenWithTheToken(String host) {
        assertThat(statusOf(request("Host", host))).isEqualTo(421);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "LOCALHOST:9900",
                "127.0.0.1",
                "127.0.0.1:1",
                "127.9.9.9:9900",
                "[::1]:9900",
                "[::1]"
            })
    void thisMachineByAnyOfItsNamesIsRight(String host) {
        assertThat(statusOf(request("Host", host))).isZero();
    }

    @Test
    void oneHostAndNoMore() throws IOException {
        assertThat(statusOf(request("Host", ""))).isEqualTo(421);
        open();
        HttpRequest two = request();
        two.headers().add("Host", "localhost");
        assertThat(statusOf(two)).isEqualTo(421);
    }

    /** If it breaks: any page that an operator has open can ban his visitors (CSRF). */
    @ParameterizedTest
    @ValueSource(strings = {"https://evil.test", "null", "http://localhost:9900"})
    void aWebPageIsRefusedWhateverItKnows(String origin) {
        assertThat(statusOf(request("Origin", origin))).isEqualTo(403);
    }

    /** A browser sends it with every request, also with those that have no Origin. */
    @ParameterizedTest
    @ValueSource(strings = {"cross-site", "same-site", "same-origin", "none"})
    void aBrowserIsRefusedByWhatItSaysOfThePage(String site) {
        assertThat(statusOf(request("Sec-Fetch-Site", site))).isEqualTo(403);
    }

    /** If it breaks: it depends on the order of two fields who is let in. */
    @Test
    void oneTokenAndNoMore() {
        HttpRequest two = request();
        two.headers().add("Authorization", "Bearer x");
        assertThat(statusOf(two)).isEqualTo(401);
    }

    @Test
    void anotherHttpIsNotSpoken() {
        HttpRequest request = request();
        request.setProtocolVersion(HttpVersion.valueOf("HTTP/2.0"));
        assertThat(statusOf(request)).isEqualTo(400);
    }

    @Test
    void aBodyIsJsonOrRefused() throws IOException {
        String[] types = {"", "text/plain", "application/x-www-form-urlencoded", "application/jsonx"};
        for (String type : types) {
            open();
            assertThat(statusOf(request("Content-Length", "2", "Content-Type", type)))
                    .as(type)
                    .isEqualTo(415);
            open();
            assertThat(statusOf(request("Transfer-Encoding", "chunked", "Content-Type", type)))
                    .isEqualTo(415);
        }
        open();
        assertThat(statusOf(request("Content-Length", "2", "Content-Type", "Application/JSON; charset=utf-8")))
                .isZero();
        open();
        assertThat(statusOf(request("Content-Length", "65537", "Content-Type", "application/json")))
                .isEqualTo(413);
    }

    /** If it breaks: two answers to pipelined requests are mixed up, or a refused client gets another try. */
    @Test
    void oneConnectionIsOneRequest() throws IOException {
        assertThat(statusOf(request())).isZero();
        assertThat(channel.writeInbound(request())).as("a second request").isTrue();
        assertThat(channel.<Object>readInbound()).isInstanceOf(HttpRequest.class);
        assertThat(channel.<Object>readInbound()).isNull();
        open();
        assertThat(statusOf(request("Authorization", ""))).isEqualTo(401);
        DefaultFullHttpRequest second = new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1, HttpMethod.GET, "/v1/bans", Unpooled.copiedBuffer(new byte[1]));
        second.headers().set(request().headers());
        assertThat(channel.writeInbound(second)).isFalse();
        assertThat(second.refCnt()).isZero();
        assertThat(channel.<Object>readOutbound()).as("no second answer").isNotInstanceOf(HttpResponse.class);
    }
}
