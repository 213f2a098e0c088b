package io.portcullis.core.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.CharBuffer;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A hop-by-hop field that slips through speaks for a connection that is not its own. */
final class HopByHopHeadersTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Connection",
                "Keep-Alive",
                "Proxy-Connection",
                "TE",
                "Transfer-Encoding",
                "Upgrade",
                "Proxy-Authorization",
                "Proxy-Authenticate",
                "HTTP2-Settings"
            })
    void hopByHopFieldsStopHereHoweverTheyAreWritten(String name) {
        assertThat(HopByHopHeaders.isHopByHop(name)).isTrue();
        assertThat(HopByHopHeaders.isHopByHop(name.toLowerCase(Locale.ROOT))).isTrue();
        assertThat(HopByHopHeaders.isHopByHop(CharBuffer.wrap(name.toUpperCase(Locale.ROOT))))
                .isTrue();
        assertThat(HopByHopHeaders.isHopByHop(name + "s")).isFalse();
        assertThat(HopByHopHeaders.isHopByHop(name.substring(1))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Host",
                "Trailer",
                "Content-Length",
                "Cookie",
                "Accept",
                "Sec-WebSocket-Key",
                "Keep\rAlive",
                "Keep_Alive",
                "\u212Aeep-Alive"
            })
    void otherFieldsGoOn(String name) {
        assertThat(HopByHopHeaders.isHopByHop(name)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "keep-alive | keep-alive",
                "Keep-Alive | keep-alive",
                "CLOSE | close",
                "Upgrade, HTTP2-Settings | upgrade HTTP2-settings",
                "close,\tX-Forwarded-For ,te | close x-forwarded-for te",
                "', ,close,,' | close",
                "a | a",
            })
    void readsTheOptionsOfConnection(String value, String options) {
        assertThat(HopByHopHeaders.options(value))
                .containsExactly(options.toLowerCase(Locale.ROOT).split(" "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", ",", " ,\t,"})
    void aConnectionFieldMayNameNothing(String value) {
        assertThat(HopByHopHeaders.options(value)).isEmpty();
    }

    @Test
    void theUsualValuesCostNothing() {
        assertThat(HopByHopHeaders.options("keep-alive")).isSameAs(HopByHopHeaders.options("Keep-Alive"));
        assertThat(HopByHopHeaders.options("close")).isSameAs(HopByHopHeaders.options("close"));
    }

    @Test
    void connectionMayNotTakeAwayWhatRoutesOrFramesTheRequest() {
        assertThat(HopByHopHeaders.options("Host, Content-Length, Transfer-Encoding"))
                .noneMatch(HopByHopHeaders::mayBeNamed);
        assertThat(HopByHopHeaders.options("close, upgrade, te, cookie, content-type"))
                .allMatch(HopByHopHeaders::mayBeNamed);
    }
}
