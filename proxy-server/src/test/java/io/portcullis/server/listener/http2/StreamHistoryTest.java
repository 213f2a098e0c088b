package io.portcullis.server.listener.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import org.junit.jupiter.api.Test;

/** Heads for streams that are over, of which no Netty stream is left to ask. */
class StreamHistoryTest {

    private final StreamHistory history = new StreamHistory();

    StreamHistoryTest() {
        history.of(new DefaultHttp2Connection(true));
    }

    private void refuses(int stream, Http2Error error) {
        assertThatExceptionOfType(Http2Exception.class)
                .isThrownBy(() -> history.isOpenOrNew(stream))
                .matches(fault -> fault.error() == error);
    }

    @Test
    void aStreamThatTheClientHasEndedIsNotBegunAgain() throws Http2Exception {
        assertThat(history.isOpenOrNew(1)).isTrue();
        assertThat(history.isOpenOrNew(3)).isTrue();

        refuses(1, Http2Error.STREAM_CLOSED);
        refuses(3, Http2Error.STREAM_CLOSED);
    }

    @Test
    void aStreamThatWasPassedOverIsClosedForGood() throws Http2Exception {
        assertThat(history.isOpenOrNew(5)).isTrue();

        refuses(3, Http2Error.PROTOCOL_ERROR);
    }

    @Test
    void trailersThatCrossOurResetCostNobodyTheConnection() throws Http2Exception {
        assertThat(history.isOpenOrNew(1)).isTrue();
        history.reset(1);
        for (int stream = 3; stream < 60; stream += 2) {
            assertThat(history.isOpenOrNew(stream)).isTrue();
        }

        assertThat(history.isOpenOrNew(1)).isFalse();
        assertThat(history.isOpenOrNew(1001)).isTrue();
        assertThat(history.isOpenOrNew(3)).as("too long ago to be told apart").isFalse();
    }
}
