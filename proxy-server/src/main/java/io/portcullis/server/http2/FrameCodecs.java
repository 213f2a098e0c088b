package io.portcullis.server.http2;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionDecoder;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionEncoder;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.DefaultHttp2FrameWriter;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2FrameReader;
import io.netty.handler.codec.http2.Http2FrameWriter;
import io.netty.handler.codec.http2.Http2PromisedRequestVerifier;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Makes Netty's frame codecs for clients' connections, with the field sections of this package in place of Netty's header
 * maps.
 *
 * <p>Netty's builder has no place for another HPACK decoder, nor for somebody who watches each frame: its own limits on
 * resets, empty frames and control frames end a connection without telling anybody who did it. So the parts are put
 * together here, and whoever watches says when it is enough.
 */
public final class FrameCodecs extends Http2FrameCodecBuilder {

    /**
     * CONTINUATION frames below 8 KiB, empty ones among them, that one section may come in (CVE-2024-27316 and its kin);
     * Netty's own number. Larger ones reach the limit of the section's size first.
     */
    private static final int MAX_SMALL_CONTINUATIONS = 16;

    private final Http2Settings settings;
    private final SectionLimits limits;
    private final Supplier<HttpHeaders> headers;
    private final UnaryOperator<Http2FrameReader> reader;
    private final UnaryOperator<Http2FrameWriter> writer;

    private FrameCodecs(
            Http2Settings settings,
            SectionLimits limits,
            Supplier<HttpHeaders> headers,
            UnaryOperator<Http2FrameReader> reader,
            UnaryOperator<Http2FrameWriter> writer) {
        server(true);
        this.settings = settings;
        this.limits = limits;
        this.headers = headers;
        this.reader = reader;
        this.writer = writer;
    }

    /**
     * For a client's connection.
     *
     * @param headers makes the empty ones that each section fills
     * @param reader what stands around the frame reader, to see each frame that comes
     * @param writer what stands around the frame writer, to see each frame that goes
     */
    public static Http2FrameCodec server(
            Http2Settings settings,
            SectionLimits limits,
            Supplier<HttpHeaders> headers,
            UnaryOperator<Http2FrameReader> reader,
            UnaryOperator<Http2FrameWriter> writer) {
        return new FrameCodecs(settings, limits, headers, reader, writer).build();
    }

    @Override
    public Http2FrameCodec build() {
        Http2Connection connection = new DefaultHttp2Connection(isServer());
        Long streams = settings.maxConcurrentStreams();
        if (streams != null) {
            // From the first frame on; Netty itself would wait until the settings are acknowledged.
            connection.remote().maxActiveStreams((int) Math.min(streams, Integer.MAX_VALUE));
        }
        // In turns, for priorities are read over (RFC 9113 section 5.3.2): Netty's own choice keeps a tree of them,
        // in which it plants each stream.
        connection
                .remote()
                .flowController(
                        new DefaultHttp2RemoteFlowController(connection, new UniformStreamByteDistributor(connection)));
        Http2FrameReader in = reader.apply(
                new DefaultHttp2FrameReader(new FieldSectionDecoder(limits, headers), MAX_SMALL_CONTINUATIONS));
        Http2ConnectionEncoder encoder =
                new DefaultHttp2ConnectionEncoder(connection, writer.apply(new DefaultHttp2FrameWriter()));
        gracefulShutdownTimeoutMillis(0); // whoever owns the connection says how long it may take
        return build(
                new DefaultHttp2ConnectionDecoder(
                        connection, encoder, in, Http2PromisedRequestVerifier.ALWAYS_VERIFY, true, true, false, false),
                encoder,
                settings);
    }
}
