package io.portcullis.benchmarks.application;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.portcullis.benchmarks.application.Counts.Counter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Answers the requests of one connection by their path:
 *
 * <ul>
 *   <li>{@code /}: 100 octets; {@code /bytes/N}: N octets; {@code /forbidden}: 403
 *   <li>{@code /sink}: takes whatever is sent, and says in {@code X-Octets} how many octets that were; {@code /sink/N}
 *       answers 400 if they were not N
 *   <li>{@code /echo}: a WebSocket that echoes
 *   <li>{@code /count}: how many requests each other path has had, as JSON; a POST to {@code /count/reset} begins anew
 * </ul>
 *
 * <p>All others are 404. A connection is kept as long as its client wants. The answer to a request follows its body.
 */
final class Answers extends ChannelInboundHandlerAdapter {

    private static final String BYTES = "/bytes/";
    private static final String SINK = "/sink";
    private static final String ECHO = "/echo";
    private static final String COUNT = "/count";
    private static final String COUNT_RESET = "/count/reset";
    private static final long MOST_BYTES = 1L << 34;
    private static final int SMALL = 100;
    private static final ByteBuf ROOT = fixed(answer("200 OK", "0123456789".repeat(SMALL / 10)));
    private static final ByteBuf FORBIDDEN = fixed(answer("403 Forbidden", "Forbidden\n"));
    private static final ByteBuf NOT_FOUND = fixed(answer("404 Not Found", "Not Found\n"));
    private static final ByteBuf NO_METHOD = fixed("HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n");
    private static final ByteBuf NO_CONTENT = fixed("HTTP/1.1 204 No Content\r\n\r\n");
    private static final ByteBuf BODY = Unpooled.directBuffer(64 * 1_024).writeZero(64 * 1_024);

    private final Counts counts;
    private final RequestReader reader = new RequestReader();
    private Counter counter = new Counter();
    /** What answers the request line that the reader keeps; none where it takes more than to send these octets. */
    private @Nullable ByteBuf answer;

    private long bodyLeft;
    private boolean closing;

    Answers(Counts counts) {
        this.counts = counts;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            while (in.isReadable() && !closing) {
                switch (reader.read(in)) {
                    case MORE -> {
                        return;
                    }
                    case WHOLE -> answer(context, in);
                    case MALFORMED -> {
                        closing = true;
                        context.close();
                    }
                }
            }
        } finally {
            in.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        context.flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (bodyLeft > 0) {
            sendBody(context);
            context.flush();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // A client that is gone is none of an application's troubles; anything else is.
        if (!(cause instanceof IOException)) {
            cause.printStackTrace();
        }
        context.close();
    }

    private void answer(ChannelHandlerContext context, ByteBuf in) {
        if (bodyLeft > 0) {
            // A request before the last answer was sent: no proxy pipelines, and this can't.
            closing = true;
            context.close();
            return;
        }
        if (!reader.isSameLine()) {
            counter = reader.path().startsWith(COUNT) ? new Counter() : counts.of(reader.path());
            answer = fixedAnswer();
        }
        counter.request();
        if (answer != null) {
            context.write(answer.retainedDuplicate(), context.voidPromise());
        } else {
            madeAnswer(context, in);
        }
        if (!reader.keepsAlive() && bodyLeft == 0) {
            end(context);
        }
    }

    private @Nullable ByteBuf fixedAnswer() {
        String path = reader.path();
        if (!reader.method().equals("GET") && !reader.method().equals("POST")) {
            return NO_METHOD;
        }
        return switch (path) {
            case "/" -> ROOT;
            case "/forbidden" -> FORBIDDEN;
            case ECHO, COUNT, COUNT_RESET -> null;
            default ->
                path.equals(SINK) || number(path, SINK + "/") >= 0 || number(path, BYTES) >= 0 ? null : NOT_FOUND;
        };
    }

    private void madeAnswer(ChannelHandlerContext context, ByteBuf in) {
        String path = reader.path();
        switch (path) {
            case ECHO -> echo(context, in);
            case COUNT -> write(context, answer("200 OK", counts.json()));
            case COUNT_RESET -> {
                if (reader.method().equals("POST")) {
                    counts.reset();
                }
                context.write(NO_CONTENT.retainedDuplicate(), context.voidPromise());
            }
            default -> {
                if (path.startsWith(SINK)) {
                    swallowed(context, path);
                } else {
                    bodyLeft = number(path, BYTES);
                    write(context, "HTTP/1.1 200 OK\r\nContent-Length: " + bodyLeft + "\r\n\r\n");
                    sendBody(context);
                }
            }
        }
    }

    private void swallowed(ChannelHandlerContext context, String path) {
        long expected = number(path, SINK + "/");
        if (expected >= 0 && expected != reader.octets()) {
            write(context, answer("400 Bad Request", reader.octets() + " octets (expected: " + expected + ")\n"));
        } else {
            write(context, "HTTP/1.1 204 No Content\r\nX-Octets: " + reader.octets() + "\r\n\r\n");
        }
    }

    private void echo(ChannelHandlerContext context, ByteBuf in) {
        if (reader.webSocketKey().isEmpty()) {
            write(context, answer("400 Bad Request", "no Sec-WebSocket-Key (expected: a WebSocket's handshake)\n"));
            return;
        }
        closing = true;
        write(context, WebSocketEcho.handshake(reader.webSocketKey()));
        context.flush();
        WebSocketEcho.takeOver(context.pipeline(), this);
        if (in.isReadable()) {
            context.pipeline().fireChannelRead(in.readRetainedSlice(in.readableBytes()));
        }
    }

    private void sendBody(ChannelHandlerContext context) {
        while (bodyLeft > 0 && context.channel().isWritable()) {
            int part = (int) Math.min(bodyLeft, BODY.readableBytes());
            bodyLeft -= part;
            context.write(BODY.retainedSlice(0, part), context.voidPromise());
            if (!context.channel().isWritable()) {
                context.flush();
            }
        }
        if (bodyLeft == 0 && !reader.keepsAlive()) {
            end(context);
        }
    }

    private void end(ChannelHandlerContext context) {
        if (!closing) {
            closing = true;
            context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }
    }

    /** The number after that beginning, or -1 where the path isn't such a one. */
    private static long number(String path, String beginning) {
        String digits = path.startsWith(beginning) ? path.substring(beginning.length()) : "";
        if (digits.isEmpty() || digits.length() > 11 || !digits.chars().allMatch(Character::isDigit)) {
            return -1;
        }
        long number = Long.parseLong(digits);
        return number > MOST_BYTES ? -1 : number;
    }

    private static void write(ChannelHandlerContext context, String text) {
        context.write(ByteBufUtil.writeAscii(context.alloc(), text), context.voidPromise());
    }

    private static String answer(String status, String body) {
        return "HTTP/1.1 " + status + "\r\nContent-Type: text/plain\r\nContent-Length: " + body.length() + "\r\n\r\n"
                + body;
    }

    private static ByteBuf fixed(String answer) {
        byte[] octets = answer.getBytes(StandardCharsets.US_ASCII);
        return Unpooled.directBuffer(octets.length).writeBytes(octets);
    }
}
