package io.portcullis.server.admin;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client of the admin API: one request, one answer, and the end.
 *
 * <p>The event loop only reads requests and writes what is ready. What is asked is answered by a thread of the executor,
 * which may look at a million bans and wait for a slow reader.
 */
final class AdminConnection extends SimpleChannelInboundHandler<FullHttpRequest> {

    private static final Logger LOG = LoggerFactory.getLogger(AdminConnection.class);

    /** How long a client may take for its request, and after the answer for hanging up. */
    private static final long REQUEST_SECONDS = 10;

    private static final long LINGER_SECONDS = 2;

    private final AdminApi api;
    private final Executor executor;
    private final AdminPlaces places;
    private final BooleanSupplier hasToken;
    private @Nullable ScheduledFuture<?> deadline;
    private boolean hasRequest;

    /** @param hasToken whether the request that was let in has shown the token */
    AdminConnection(AdminApi api, Executor executor, AdminPlaces places, BooleanSupplier hasToken) {
        this.api = api;
        this.executor = executor;
        this.places = places;
        this.hasToken = hasToken;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        deadline = ctx.executor().schedule(() -> ctx.close(), REQUEST_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest message) {
        hasRequest = true;
        if (deadline != null) {
            deadline.cancel(false);
        }
        if (message.decoderResult().isFailure()) {
            refuse(ctx.channel(), Refusal.badRequest("the body cannot be read", "what its length says"));
            return;
        }
        if (!places.letIn(ctx.channel(), hasToken.getAsBoolean())) {
            refuse(ctx.channel(), tooMany());
            return;
        }
        AdminRequest request;
        try {
            request = AdminRequest.of(
                    message.method().name(), message.uri(), message.content().toString(StandardCharsets.UTF_8));
            executor.execute(() -> answer(ctx.channel(), request));
        } catch (Refusal refusal) {
            refuse(ctx.channel(), refusal);
        } catch (RejectedExecutionException e) {
            refuse(ctx.channel(), tooMany());
        }
    }

    private static Refusal tooMany() {
        return new Refusal(503, "too many requests are under way", "another try, later");
    }

    private void answer(Channel channel, AdminRequest request) {
        AdminAnswer answer;
        try {
            answer = api.answer(request);
        } catch (Refusal refusal) {
            answer = refusal.answer();
        } catch (RuntimeException e) {
            LOG.error("the admin API failed at {} {}", request.method(), request.path(), e);
            answer = new Refusal(500, "this is a fault of Portcullis: " + e, "the log has more").answer();
        }
        try (AnswerStream out = new AnswerStream(channel, answer)) {
            answer.body().writeTo(out);
            out.complete();
        } catch (IOException | RuntimeException e) {
            LOG.debug("an answer of the admin API was cut", e);
            channel.close();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        // Who only ends its half after the request still gets the answer. Before that nothing more will come, and after
        // it nobody waits: such a connection must not take another client's place.
        if (event instanceof ChannelInputShutdownEvent && (!hasRequest || isOutputEnded(ctx.channel()))) {
            ctx.close();
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("a connection of the admin API failed", cause);
        ctx.close();
    }

    private static boolean isOutputEnded(Channel channel) {
        return channel instanceof DuplexChannel duplex && duplex.isOutputShutdown();
    }

    /** Answers so, and ends the connection. */
    static void refuse(Channel channel, Refusal refusal) {
        AdminAnswer answer = refusal.answer();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try {
            answer.body().writeTo(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ByteBuf content = Unpooled.wrappedBuffer(body.toByteArray());
        FullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, AnswerStream.status(answer), content);
        AnswerStream.setFields(response, answer);
        HttpUtil.setContentLength(response, content.readableBytes());
        channel.writeAndFlush(response);
        end(channel);
    }

    /**
     * Ends the connection after what was written. A client that is still sending would lose the answer to a reset, so
     * first only this half ends (RFC 9112 section 9.6).
     */
    static void end(Channel channel) {
        channel.write(Unpooled.EMPTY_BUFFER).addListener(written -> {
            if (channel instanceof DuplexChannel duplex) {
                duplex.shutdownOutput();
                if (duplex.isInputShutdown()) {
                    channel.close();
                }
            }
        });
        channel.flush();
        channel.eventLoop().schedule(() -> channel.close(), LINGER_SECONDS, TimeUnit.SECONDS);
    }
}
