package io.portcullis.server.listener.http2;

import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Stream;
import org.jspecify.annotations.Nullable;

/**
 * What became of the last streams, so that a head for one that is over is judged as RFC 9113 section 5.1 has it: ignored
 * where we have reset the stream, of which the client may not know yet, and the connection's end otherwise.
 *
 * <p>Netty's connection forgets a stream when it closes, and answers both alike. Owned by the connection's event loop.
 */
final class StreamHistory {

    /** How many streams back it reaches; a client that has more under way is not told apart any more. */
    private static final int REACH = Long.SIZE;

    private @Nullable Http2Connection connection;
    private int last = -1;
    /** A bit for each stream from the last one down: whether it was ever opened, and whether we have reset it. */
    private long opened;

    private long resets;

    void of(Http2Connection ofClient) {
        connection = ofClient;
    }

    /**
     * Whether a head on that stream is for Netty to judge; false where it is to be ignored.
     *
     * @throws Http2Exception where the stream, or its request, is over by the client's own doing, or was passed over
     */
    boolean isOpenOrNew(int streamId) throws Http2Exception {
        Http2Connection current = connection;
        if (current == null || (streamId & 1) == 0) {
            return true;
        }
        Http2Stream known = current.stream(streamId);
        if (known != null) {
            if (known.state() == Http2Stream.State.HALF_CLOSED_REMOTE) {
                throw Http2Exception.streamError(streamId, Http2Error.STREAM_CLOSED, "head after the request's end");
            }
            return true;
        }
        if (streamId > last) {
            int steps = (streamId - last) >> 1;
            opened = steps < REACH ? opened << steps : 0;
            resets = steps < REACH ? resets << steps : 0;
            opened |= 1;
            last = streamId;
            return true;
        }
        int back = (last - streamId) >> 1;
        if (back >= REACH || (resets >>> back & 1) == 1) {
            return false;
        }
        if ((opened >>> back & 1) == 0) {
            throw Http2Exception.connectionError(Http2Error.PROTOCOL_ERROR, "stream %d passed over", streamId);
        }
        throw Http2Exception.connectionError(Http2Error.STREAM_CLOSED, "head on stream %d, which is over", streamId);
    }

    /** We have reset the stream. */
    void reset(int streamId) {
        int back = (last - streamId) >> 1;
        if (back >= 0 && back < REACH) {
            resets |= 1L << back;
        }
    }
}
