package io.portcullis.server.listener;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.portcullis.core.config.LimitsConfig;
import io.portcullis.server.exchange.Fault;
import io.portcullis.server.exchange.Http1Stream;
import io.portcullis.server.exchange.RequestSource;
import io.portcullis.server.http1.BodyDecoder;
import io.portcullis.server.http1.FieldLines;
import io.portcullis.server.http1.MalformedMessage;
import io.portcullis.server.http1.SectionScanner;
import io.portcullis.server.http1.Sender;
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

    /** Octets behind a head for the fields that the way to the endpoint adds, so that they need no other array. */
    private static final int ROOM_TO_ADD = 224;

    private enum State {
        HEAD,
        BODY,
        /** The exchange is under way; the next request waits. */
        WAITING,
        /** Framing is lost, or the connection ends: whatever comes is thrown away. */
        DISCARDING
    }

    private final Http1Stream stream;
    private final LimitsConfig limits;
    private final HeadParser parser;
    private final SectionScanner sections;
    private final BodyDecoder body;

    private State state = State.HEAD;
    private @Nullable ByteBuf pending;
    private @Nullable ChannelHandlerContext context;
    private boolean decoding;

    /** Parsed, and not handed on yet. */
    private @Nullable DefaultHttpRequest parsed;
    /** Whether the current request has been handed on, so that a fault belongs to its body. */
    private boolean announced;

    RequestDecoder(Http1Stream stream, LimitsConfig limits) {
        this.stream = stream;
        this.limits = limits;
        this.parser = new HeadParser(limits.maxHeaders());
        this.sections = new SectionScanner(limits.maxHeadSize(), limits.maxHeadSize());
        this.body = new BodyDecoder(Sender.CLIENT, limits.maxHeadSize(), limits.maxHeaders(), limits.maxBodySize());
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

    @Override
    public boolean needsMore() {
        return state == State.HEAD && !decoding;
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
        } catch (MalformedMessage malformed) {
            fail(ctx, fault(malformed));
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
    private boolean decode(ChannelHandlerContext ctx, ByteBuf in) throws Fault, MalformedMessage {
        return switch (state) {
            case HEAD -> decodeHead(ctx, in);
            case BODY -> decodeBody(ctx, in);
            case WAITING -> {
                stream.holdReading(true);
                yield false;
            }
            case DISCARDING -> false;
        };
    }

    private boolean decodeHead(ChannelHandlerContext ctx, ByteBuf in) throws Fault, MalformedMessage {
        if (sections.isAtStart()) {
            if (!skipEmptyLines(in)) {
                return false;
            }
            stream.headBegins();
        }
        int length = sections.length(in);
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
        checkBodySize(bodyLength);
        body.begin(bodyLength);
        state = body.isEnded() ? State.WAITING : State.BODY;
    }

    private boolean decodeBody(ChannelHandlerContext ctx, ByteBuf in) throws Fault, MalformedMessage {
        HttpContent part = body.next(in);
        if (part == null) {
            return false;
        }
        if (body.isHandedOver()) {
            pending = null; // the part has it now
        }
        if (part instanceof LastHttpContent last) {
            HeadParser.checkTrailers(last.trailingHeaders());
            state = State.WAITING;
        }
        ctx.fireChannelRead(part);
        return true;
    }

    private void checkBodySize(long size) throws Fault {
        long max = limits.maxBodySize();
        if (max > 0 && size > max) {
            throw bodyTooLarge();
        }
    }

    private Fault bodyTooLarge() {
        return Fault.ofClient(413, "request body larger than " + limits.maxBodySize() + " bytes");
    }

    private Fault fault(MalformedMessage malformed) {
        return switch (malformed.breach()) {
            case RULE -> Fault.ofClient(400, malformed.getMessage());
            case FIRST_LINE_TOO_LONG ->
                Fault.ofClient(414, "request line longer than " + limits.maxHeadSize() + " bytes");
            case SECTION_TOO_LARGE -> Fault.ofClient(431, malformed.getMessage());
            case BODY_TOO_LARGE -> bodyTooLarge();
        };
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
}
