package io.portcullis.server.listener;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.FastThreadLocal;
import io.portcullis.core.config.LimitsConfig;
import io.portcullis.server.exchange.Fault;
import io.portcullis.server.exchange.Http1Stream;
import io.portcullis.server.exchange.RequestSource;
import io.portcullis.server.http1.FieldLines;
import io.portcullis.server.http1.Tokens;
import org.jspecify.annotations.Nullable;

/**
 * Decodes HTTP/1 requests strictly, one at a time: what follows a request stays undecoded until its exchange has
 * ended, so that pipelined requests are answered in order and cost no memory but their own octets.
 *
 * <p>A request that breaks a rule is handed on as an request or last content whose decoder result carries
 * the {@link Fault}; nothing is decoded after it.
 *
 * <p>Owned by the connection's event loop.
 */
final class RequestDecoder extends ChannelInboundHandlerAdapter implements RequestSource {

    /** A chunk's first line is copied here to be parsed: one for each event loop, never kept across events. */
    private static final FastThreadLocal<byte[]> SCRATCH = new FastThreadLocal<>() {
        @Override
        protected byte[] initialValue() {
            return new byte[MAX_CHUNK_LINE];
        }
    };

    /** Octets behind a head for the fields that the way to the endpoint adds, so that they need no other array. */
    private static final int ROOM_TO_ADD = 224;

    /** RFC 9112 section 7.1.1 asks for a limit on chunk extensions; nobody uses them, attackers do (CVE-2023-39326). */
    private static final int MAX_CHUNK_LINE = 256;

    private static final int MAX_CHUNK_DIGITS = 15;

    private enum State {
        HEAD,
        FIXED_BODY,
        CHUNK_SIZE,
        CHUNK_DATA,
        CHUNK_END,
        TRAILERS,
        /** The exchange is under way; the next request waits. */
        WAITING,
        /** Framing is lost, or the connection ends: whatever comes is thrown away. */
        DISCARDING
    }

    private final Http1Stream stream;
    private final LimitsConfig limits;
    private final HeadParser parser;
    private final SectionScanner sections;

    private State state = State.HEAD;
    private @Nullable ByteBuf pending;
    private @Nullable ChannelHandlerContext context;
    private boolean decoding;

    /** Octets left of the fixed body or of the current chunk. */
    private long left;

    private long chunkedTotal;
    /** Parsed, and not handed on yet. */
    private @Nullable DefaultHttpRequest parsed;
    /** Whether the current request has been handed on, so that a fault belongs to its body. */
    private boolean announced;

    RequestDecoder(Http1Stream stream, LimitsConfig limits) {
        this.stream = stream;
        this.limits = limits;
        this.parser = new HeadParser(limits.maxHeaders());
        this.sections = new SectionScanner(limits.maxHeadSize());
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        ByteBuf rest = pending;
        pending = null;
        context = null;
        if (rest != null) {
            ctx.fireChannelRead(rest); // the connection has become a tunnel
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf received = (ByteBuf) message;
        if (state == State.DISCARDING) {
            received.release();
            return;
        }
        ByteBuf kept = pending;
        pending = kept == null ? received : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), kept, received);
        decodePending(ctx);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        discard();
        ctx.fireChannelInactive();
    }

    @Override
    public void nextRequest() {
        if (state != State.WAITING) {
            return;
        }
        state = State.HEAD;
        announced = false;
        ChannelHandlerContext ctx = context;
        if (ctx != null && !decoding) {
            stream.holdReading(false);
            if (pending != null) {
                decodePending(ctx);
                ctx.fireChannelReadComplete();
            }
        }
    }

    @Override
    public void discard() {
        state = State.DISCARDING;
        ByteBuf rest = pending;
        pending = null;
        if (rest != null && !decoding) {
            rest.release();
        } else if (rest != null) {
            pending = rest; // released where the decoding loop ends
        }
    }

    @Override
    public boolean hasPending() {
        ByteBuf kept = pending;
        return kept != null && kept.isReadable();
    }

    private void decodePending(ChannelHandlerContext ctx) {
        if (decoding) {
            return;
        }
        decoding = true;
        try {
            ByteBuf in = pending;
            while (in != null && in.isReadable() && decode(ctx, in)) {
                in = pending;
            }
        } catch (Fault fault) {
            fail(ctx, fault);
        } finally {
            decoding = false;
            ByteBuf in = pending;
            if (in != null && (!in.isReadable() || state == State.DISCARDING)) {
                pending = null;
                in.release();
            }
        }
    }

    /** Decodes one element and hands it on; false where more octets are needed or none are wanted. */
    private boolean decode(ChannelHandlerContext ctx, ByteBuf in) throws Fault {
        return switch (state) {
            case HEAD -> decodeHead(ctx, in);
            case FIXED_BODY -> decodeFixedBody(ctx, in);
            case CHUNK_SIZE -> decodeChunkSize(in);
            case CHUNK_DATA -> decodeChunkData(ctx, in);
            case CHUNK_END -> decodeChunkEnd(in);
            case TRAILERS -> decodeTrailers(ctx, in);
            case WAITING -> {
                stream.holdReading(true);
                yield false;
            }
            case DISCARDING -> false;
        };
    }

    private boolean decodeHead(ChannelHandlerContext ctx, ByteBuf in) throws Fault {
        if (sections.isAtStart()) {
            if (!skipEmptyLines(in)) {
                return false;
            }
            stream.headBegins();
        }
        int length = sections.length(in, 414);
        if (length == SectionScanner.INCOMPLETE) {
            return false;
        }
        byte[] head = new byte[length + ROOM_TO_ADD];
        in.readBytes(head, 0, length);
        parsed = null;
        DefaultHttpRequest request = parser.parse(head, length);
        parsed = request;
        begin(parser.bodyLength());
        boolean bodyless = state == State.WAITING;
        announced = true;
        parsed = null;
        ctx.fireChannelRead(request);
        if (bodyless) {
            ctx.fireChannelRead(LastHttpContent.EMPTY_LAST_CONTENT);
        }
        return true;
    }

    private void begin(long bodyLength) throws Fault {
        if (bodyLength == HeadParser.CHUNKED) {
            chunkedTotal = 0;
            state = State.CHUNK_SIZE;
        } else if (bodyLength == HeadParser.NO_BODY) {
            state = State.WAITING;
        } else {
            checkBodySize(bodyLength);
            left = bodyLength;
            state = State.FIXED_BODY;
        }
    }

    private boolean decodeFixedBody(ChannelHandlerContext ctx, ByteBuf in) {
        ByteBuf part = take(in);
        if (left > 0) {
            ctx.fireChannelRead(new DefaultHttpContent(part));
        } else {
            state = State.WAITING;
            ctx.fireChannelRead(new DefaultLastHttpContent(part));
        }
        return true;
    }

    private boolean decodeChunkSize(ByteBuf in) throws Fault {
        int length = lineLength(in, MAX_CHUNK_LINE, "chunk size line too long");
        if (length < 0) {
            return false;
        }
        left = ChunkLine.size(line(in, length), length - 2, MAX_CHUNK_DIGITS);
        if (left > 0) {
            chunkedTotal += left;
            checkBodySize(chunkedTotal);
            state = State.CHUNK_DATA;
        } else {
            state = State.TRAILERS;
        }
        return true;
    }

    private boolean decodeChunkData(ChannelHandlerContext ctx, ByteBuf in) {
        ByteBuf part = take(in);
        if (left == 0) {
            state = State.CHUNK_END;
        }
        ctx.fireChannelRead(new DefaultHttpContent(part));
        return true;
    }

    private boolean decodeChunkEnd(ByteBuf in) throws Fault {
        if (in.getByte(in.readerIndex()) != '\r') {
            throw Fault.ofClient(400, "chunk longer than its size");
        }
        if (in.readableBytes() < 2) {
            return false;
        }
        if (in.getByte(in.readerIndex() + 1) != '\n') {
            throw Fault.ofClient(400, "chunk longer than its size");
        }
        in.skipBytes(2);
        state = State.CHUNK_SIZE;
        return true;
    }

    private boolean decodeTrailers(ChannelHandlerContext ctx, ByteBuf in) throws Fault {
        int length = sections.length(in, 431);
        if (length == SectionScanner.INCOMPLETE) {
            return false;
        }
        LastHttpContent last = LastHttpContent.EMPTY_LAST_CONTENT;
        if (length > 2) {
            byte[] section = new byte[length];
            in.readBytes(section);
            HttpHeaders trailers = parser.parseTrailers(section, length);
            last = new TrailersContent(trailers);
        } else {
            in.skipBytes(length);
        }
        state = State.WAITING;
        ctx.fireChannelRead(last);
        return true;
    }

    private void checkBodySize(long size) throws Fault {
        long max = limits.maxBodySize();
        if (max > 0 && size > max) {
            throw Fault.ofClient(413, "request body larger than " + max + " bytes");
        }
    }

    private ByteBuf take(ByteBuf in) {
        int length = (int) Math.min(left, in.readableBytes());
        left -= length;
        return in.readRetainedSlice(length);
    }

    /** Takes the line of a chunk out of {@code in}, into an array that is valid until the next event. */
    private static byte[] line(ByteBuf in, int length) {
        byte[] scratch = SCRATCH.get();
        in.readBytes(scratch, 0, length);
        return scratch;
    }

    /** RFC 9112 section 2.2: a server should ignore an empty line before the request line. */
    private boolean skipEmptyLines(ByteBuf in) throws Fault {
        while (in.getByte(in.readerIndex()) == '\r') {
            if (in.readableBytes() < 2) {
                return false;
            }
            if (in.getByte(in.readerIndex() + 1) != '\n') {
                throw Fault.ofClient(400, "carriage return without line feed");
            }
            in.skipBytes(2);
            if (!in.isReadable()) {
                return false;
            }
        }
        if (!Tokens.isTokenByte(in.getByte(in.readerIndex()))) {
            throw Fault.ofClient(400, "not an HTTP request"); // TLS on a plain port, for one
        }
        return true;
    }

    /** The length of a line with its CRLF, or -1 where that has not come yet. */
    private static int lineLength(ByteBuf in, int max, String tooLong) throws Fault {
        int base = in.readerIndex();
        int found = in.indexOf(base, base + Math.min(in.readableBytes(), max), (byte) '\n');
        if (found < 0) {
            if (in.readableBytes() >= max) {
                throw Fault.ofClient(400, tooLong);
            }
            return -1;
        }
        if (found == base || in.getByte(found - 1) != '\r') {
            throw Fault.ofClient(400, "line feed without carriage return"); // CVE-2025-58056
        }
        return found - base + 1;
    }

    private void fail(ChannelHandlerContext ctx, Fault fault) {
        state = State.DISCARDING;
        if (announced) {
            DefaultLastHttpContent last = new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER);
            last.setDecoderResult(DecoderResult.failure(fault));
            ctx.fireChannelRead(last);
        } else {
            DefaultHttpRequest request = parsed;
            if (request == null) {
                request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "-", new FieldLines(), false);
            }
            request.setDecoderResult(DecoderResult.failure(fault));
            ctx.fireChannelRead(request);
        }
    }

    /** The end of a body that has trailers. */
    private static final class TrailersContent extends DefaultLastHttpContent {
        private final HttpHeaders trailers;

        TrailersContent(HttpHeaders trailers) {
            super(Unpooled.EMPTY_BUFFER);
            this.trailers = trailers;
        }

        @Override
        public HttpHeaders trailingHeaders() {
            return trailers;
        }
    }
}
