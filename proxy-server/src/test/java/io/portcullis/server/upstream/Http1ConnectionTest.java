package io.portcullis.server.upstream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.portcullis.core.config.UpstreamConfig;
import io.portcullis.core.config.UpstreamConfig.EndpointConfig;
import io.portcullis.core.config.UpstreamConfig.Scheme;
import io.portcullis.core.upstream.Upstreams;
import io.portcullis.server.observe.metrics.EndpointFailure;
import io.portcullis.server.observe.metrics.Meters;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When a connection to an endpoint may be used again: once wrongly, and clients get each other's answers. */
class Http1ConnectionTest {

    private static final long FOR_EVER = Long.MAX_VALUE;

    private static final Meters METERS = new Meters(1, 10, System::nanoTime);

    private long now = 1;
    private final ConnectionPool pool =
            new ConnectionPool(new EmbeddedChannel().eventLoop(), NioSocketChannel.class, () -> now, METERS.worker(0));
    private final List<String> heard = new ArrayList<>();
    private final Destination destination = destination("127.0.0.1");
    private final EmbeddedEndpoint endpoint = new EmbeddedEndpoint(destination, pool);
    private final Http1Connection connection = endpoint.connection();

    static Destination destination(String host) {
        UpstreamConfig config = new UpstreamConfig(
                "u",
                List.of(new EndpointConfig(Scheme.HTTP, host, 8080)),
                UpstreamConfig.Balance.ROUND_ROBIN,
                1,
                Duration.ofSeconds(10),
                new UpstreamConfig.Tls(true, Optional.empty(), Optional.empty()),
                false);
        try {
            return new Destinations(METERS.endpoints())
                    .reach(Upstreams.NONE.with(List.of(config)).get(config))
                    .destinations()
                    .get(0);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @AfterEach
    void release() {
        endpoint.channel().finishAndReleaseAll();
    }

    /** Releases the connection as soon as the answer is whole, as an exchange does. */
    private final class Exchange implements AnswerReceiver {
        @Override
        public void head(HttpResponse head) {
            heard.add("" + head.status().code());
        }

        @Override
        public void content(HttpContent content) {
            if (content.content().isReadable()) {
                heard.add(content.content().toString(ISO_8859_1));
            }
            content.release();
            if (content instanceof LastHttpContent) {
                heard.add("end");
                connection.release();
                UpstreamConnection next = pool.take(destination, FOR_EVER);
                if (next != null) {
                    send(HttpMethod.GET, next); // a pipelined request, at once
                }
            }
        }

        @Override
        public void readComplete() {}

        @Override
        public void writabilityChanged(boolean writable) {}

        @Override
        public void failed(EndpointFailure how, String reason) {
            heard.add("failed: " + reason);
        }
    }

    private void send(HttpMethod method, UpstreamConnection on) {
        Exchange exchange = new Exchange();
        on.request(new DefaultHttpRequest(HttpVersion.HTTP_1_1, method, "/"), exchange);
        on.body(LastHttpContent.EMPTY_LAST_CONTENT);
        on.flush();
    }

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    @Test
    void isUsedAgainAfterAWholeAnswer() {
        send(HttpMethod.GET, connection);
        endpoint.says(OK);
        assertThat(heard).containsExactly("200", "ok", "end");
        assertThat(pool.take(destination, FOR_EVER)).isSameAs(connection);
        send(HttpMethod.GET, connection);
        endpoint.says(OK);
        assertThat(heard).containsExactly("200", "ok", "end", "200", "ok", "end");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                OK + "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil",
                OK + "x",
                "HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil",
                "HTTP/1.1 304 Not Modified\r\nContent-Length: 4\r\n\r\nbody",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"
            })
    void isNotUsedAgainWhereMoreCameThanTheAnswer_orTheNextClientGetsTheRestForItsOwn(String octets) {
        send(HttpMethod.GET, connection);
        endpoint.says(octets);
        assertThat(heard).endsWith("end").doesNotContain("evil", "body");
        assertThat(pool.take(destination, FOR_EVER)).isNull();
        assertThat(endpoint.isOpen()).isFalse();
    }

    @Test
    void isNotUsedAgainWhereAnAnswerToHeadHasABody() {
        send(HttpMethod.HEAD, connection);
        endpoint.says(OK);
        assertThat(heard).containsExactly("200", "end");
        assertThat(pool.take(destination, FOR_EVER)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n"
            })
    void isNotUsedAgainWhereTheEndpointClosesIt(String octets) {
        send(HttpMethod.GET, connection);
        endpoint.says(octets);
        assertThat(heard).containsExactly("200", "end");
        assertThat(pool.take(destination, FOR_EVER)).isNull();
        assertThat(endpoint.isOpen()).isFalse();
    }

    @Test
    void isNotUsedAgainBeforeTheRequestIsWhole_orTheNextRequestGoesIntoTheBodyOfThisOne() {
        Exchange exchange = new Exchange();
        connection.request(new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/"), exchange);
        connection.flush();
        endpoint.says(OK);
        assertThat(heard).containsExactly("200", "ok", "end");
        assertThat(pool.take(destination, FOR_EVER)).isNull();
        assertThat(endpoint.isOpen()).isFalse();
    }

    @Test
    void isClosedWhenTheEndpointSpeaksUnasked() {
        EmbeddedEndpoint idle = EmbeddedEndpoint.pooled(destination, pool);
        idle.says("HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n");
        assertThat(idle.isOpen()).isFalse();
        assertThat(pool.take(destination, FOR_EVER)).isNull();
    }

    @Test
    void leavesThePoolWhenTheEndpointClosesIt() {
        EmbeddedEndpoint idle = EmbeddedEndpoint.pooled(destination, pool);
        idle.closes();
        assertThat(pool.take(destination, FOR_EVER)).isNull();
    }

    @Test
    void mayBeStaleWhereItWasUsedBeforeAndNothingWasAnswered_orAFreshFailureIsTriedTwice() {
        send(HttpMethod.GET, connection);
        assertThat(connection.mayBeStale()).as("the first exchange").isFalse();
        endpoint.says(OK);
        send(HttpMethod.GET, connection);
        assertThat(connection.mayBeStale()).as("the second, nothing heard yet").isTrue();
        endpoint.says("H");
        assertThat(connection.mayBeStale()).as("the second, one octet heard").isFalse();
    }

    @Test
    void tellsThatTheConnectionIsLostInMidBody_orATruncatedAnswerLooksWhole() {
        send(HttpMethod.GET, connection);
        endpoint.says("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
        endpoint.closes();
        assertThat(heard).containsExactly("200", "half", "failed: closed the connection");
    }

    @Test
    void endsAnAnswerOfUnknownLengthWithTheConnection() {
        send(HttpMethod.GET, connection);
        endpoint.says("HTTP/1.1 200 OK\r\n\r\nall of it");
        assertThat(heard).containsExactly("200", "all of it");
        endpoint.closes();
        assertThat(heard).containsExactly("200", "all of it", "end");
        assertThat(pool.take(destination, FOR_EVER)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX: a\u0000b\r\n\r\n"
            })
    void failsWhereTheAnswerIsNoHttp(String octets) {
        send(HttpMethod.GET, connection);
        endpoint.says(octets);
        assertThat(heard).singleElement().asString().startsWith("failed: answered no valid HTTP");
        assertThat(endpoint.isOpen()).isFalse();
    }

    @Test
    void passesInterimAnswersOnAndWaitsForTheFinalOne() {
        send(HttpMethod.GET, connection);
        endpoint.says("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
        assertThat(heard).containsExactly("103");
        endpoint.says(OK);
        assertThat(heard).containsExactly("103", "200", "ok", "end");
    }

    @Test
    void isTakenLastFirstAndLeftWhereItIsTooOld() {
        EmbeddedEndpoint older = EmbeddedEndpoint.pooled(destination, pool);
        now += TimeUnit.SECONDS.toNanos(2);
        EmbeddedEndpoint newer = EmbeddedEndpoint.pooled(destination, pool);
        assertThat(pool.take(destination, 0)).isSameAs(newer.connection());
        assertThat(pool.take(destination, TimeUnit.SECONDS.toNanos(1))).isNull();
        assertThat(pool.take(destination, TimeUnit.SECONDS.toNanos(2))).isSameAs(older.connection());
        assertThat(pool.take(destination, FOR_EVER)).isNull();
    }

    @Test
    void isClosedWhenIdleForTooLong_orTheEndpointRunsOutOfConnections() {
        EmbeddedEndpoint older = EmbeddedEndpoint.pooled(destination, pool);
        now += ConnectionPool.MAX_IDLE_NANOS;
        EmbeddedEndpoint newer = EmbeddedEndpoint.pooled(destination, pool);
        pool.closeIdle();
        assertThat(older.isOpen()).isTrue();
        now += 1;
        pool.closeIdle();
        assertThat(older.isOpen()).isFalse();
        assertThat(newer.isOpen()).isTrue();
        assertThat(pool.take(destination, FOR_EVER)).isSameAs(newer.connection());
    }

    @Test
    void isNeverSharedBetweenDestinations_orOneIsVerifiedByTheRulesOfAnother() {
        EmbeddedEndpoint.pooled(destination, pool);
        assertThat(pool.take(destination("127.0.0.1"), FOR_EVER)).isNull();
        assertThat(pool.take(destination, FOR_EVER)).isNotNull();
    }

    @Test
    void isClosedWhereThePoolIsFull() {
        for (int i = 0; i < ConnectionPool.MAX_IDLE; i++) {
            EmbeddedEndpoint.pooled(destination, pool);
        }
        assertThat(EmbeddedEndpoint.pooled(destination, pool).isOpen()).isFalse();
    }

    @Test
    void reachesALiteralAddressWithoutAResolver() {
        assertThat(Objects.requireNonNull(destination("127.0.0.1").address())).hasToString("/127.0.0.1:8080");
        assertThat(Objects.requireNonNull(destination("::1").address())
                        .getAddress()
                        .getHostAddress())
                .isEqualTo("0:0:0:0:0:0:0:1");
    }
}
