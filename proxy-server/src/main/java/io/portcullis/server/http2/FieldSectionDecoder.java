package io.portcullis.server.http2;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.function.Supplier;

/**
 * Netty's HPACK decoder, with {@link FieldSection}s as what it fills.
 *
 * <p>The section keeps its limit itself: were the decoder to do it, the frame codec would answer and reset, and nobody
 * behind it would know. What bounds the work is the size of the compressed section, at which the frame reader gives up.
 *
 * <p>Owned by one event loop.
 */
final class FieldSectionDecoder extends DefaultHttp2HeadersDecoder {

    private final SectionLimits limits;
    private final Supplier<HttpHeaders> headers;

    FieldSectionDecoder(SectionLimits limits, Supplier<HttpHeaders> headers) {
        super(false, Http2CodecUtil.MAX_HEADER_LIST_SIZE);
        this.limits = limits;
        this.headers = headers;
    }

    /** Called when the peer has acknowledged what was announced; what was announced is kept to from the start. */
    @Override
    public void maxHeaderListSize(long max, long goAwayMax) {
        // the limits stay as they are
    }

    @Override
    public long maxHeaderListSizeGoAway() {
        return limits.maxCompressed();
    }

    @Override
    protected Http2Headers newHeaders() {
        return new FieldSection(limits, headers.get());
    }
}
