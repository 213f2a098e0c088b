package io.portcullis.server.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.portcullis.core.ban.AnswerWeight;
import io.portcullis.core.ban.Ban;
import io.portcullis.core.ban.BanEngine;
import io.portcullis.core.ban.Sentence;
import io.portcullis.core.ban.Verdict;
import io.portcullis.core.config.JailConfig.Drop;
import io.portcullis.core.config.JailConfig.On;
import io.portcullis.core.config.JailConfig.Reject;
import io.portcullis.core.config.JailConfig.Tarpit;
import io.portcullis.core.http.ForwardedHeaders;
import io.portcullis.server.observe.EnglishDates;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Locale;

/**
 * Gives the answers that come from the proxy itself: the only place that turns a fault or a verdict into a status.
 *
 * <p>Answers are short, plain text and carry the request id, by which the operator finds the exchange in the logs.
 * Owned by one event loop.
 */
final class ErrorResponder {

    /** All that may be passed on; which of them an application takes, it says itself. */
    private static final String METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

    private final UpstreamFaults upstreamFaults = new UpstreamFaults();
    private long dateSecond = -1;
    private String date = "";

    /**
     * Answers a fault, before anything of the exchange has been answered. Where the fault is the client's, what follows
     * on its connection cannot be told from the faulty request, so the connection ends.
     */
    void answer(Exchange exchange, Fault fault) {
        if (fault.source() == Fault.Source.UPSTREAM) {
            tell(exchange, fault, "answered " + fault.status().code());
        }
        HttpResponseStatus status = fault.status();
        String told = fault.source() == Fault.Source.CLIENT ? fault.getMessage() : "";
        boolean close = fault.source() != Fault.Source.UPSTREAM;
        On offence = fault.offence();
        Verdict verdict = offence == null
                ? exchange.observe(status.code(), AnswerWeight.UNSAID)
                : exchange.offends(offence, status.code());
        obey(verdict, exchange, response(exchange, status, body(status, told, exchange)), close);
    }

    /** A fault after the answer has begun: there is nobody left to tell but the operator. */
    void cut(Exchange exchange, Fault fault) {
        if (fault.source() == Fault.Source.UPSTREAM) {
            tell(exchange, fault, "the answer was cut");
        }
    }

    private void tell(Exchange exchange, Fault fault, String outcome) {
        long now = exchange.stream().worker().shared.nanoTime().getAsLong();
        upstreamFaults.tell(exchange, fault, outcome, now);
    }

    /** Refuses at the request tier. */
    void refuse(Exchange exchange, Verdict.Refuse verdict) {
        Sentence sentence = verdict.sentence();
        exchange.refusedBy(sentence.jail());
        if (sentence.action() instanceof Reject reject) {
            HttpResponseStatus status = HttpResponseStatus.valueOf(reject.status());
            DefaultFullHttpResponse response = response(exchange, status, body(status, "refused", exchange));
            BanEngine bans = exchange.stream().worker().shared.bans();
            long until = bans.endOfRefusal(exchange.client(), exchange.clientKey(), exchange.virtualHostName());
            if (until != Ban.FOREVER) {
                long now = exchange.stream().worker().shared.clock().millis();
                long seconds = Math.max(1, (until - now + 999) / 1000);
                response.headers().set(HttpHeaderNames.RETRY_AFTER, seconds);
            }
            exchange.refusedWith(status.code());
            send(exchange, response, false);
        } else if (sentence.action() == Drop.DROP) {
            exchange.stream().endAndReset();
        } else if (sentence.action() == Tarpit.TARPIT) {
            HeldExchange.hold(exchange);
        }
    }

    /** Nobody claims the host, and nobody is told so. */
    void dropUnknown(Exchange exchange) {
        exchange.offends(On.UNKNOWN_HOST, 0);
        exchange.dropped();
        exchange.stream().endAndReset();
    }

    /** What a client gets that speaks plain HTTP where TLS is expected; there is no exchange yet. */
    ByteBuf toPlainHttp(ClientConnection connection) {
        String body = "400 Bad Request: plain HTTP was sent to an HTTPS port\n";
        String head = "HTTP/1.1 400 Bad Request\r\nDate: "
                + date(connection.worker().shared.clock().millis())
                + "\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: " + body.length()
                + "\r\nConnection: close\r\n\r\n";
        return ByteBufUtil.writeUtf8(connection.channel().alloc(), head + body);
    }

    void redirect(Exchange exchange, String location, int code) {
        HttpResponseStatus status = HttpResponseStatus.valueOf(code);
        DefaultFullHttpResponse response = response(exchange, status, body(status, "", exchange));
        response.headers().set(HttpHeaderNames.LOCATION, location);
        observeAndSend(exchange, response);
    }

    void fixed(Exchange exchange, int code, String text) {
        HttpResponseStatus status = HttpResponseStatus.valueOf(code);
        observeAndSend(exchange, response(exchange, status, text));
    }

    private void observeAndSend(Exchange exchange, DefaultFullHttpResponse response) {
        Verdict verdict = exchange.observe(response.status().code(), AnswerWeight.UNSAID);
        obey(verdict, exchange, response, false);
    }

    private void obey(Verdict verdict, Exchange exchange, DefaultFullHttpResponse response, boolean close) {
        if (verdict instanceof Verdict.Refuse refuse) {
            response.release();
            refuse(exchange, refuse);
        } else {
            send(exchange, response, close);
        }
    }

    private static String body(HttpResponseStatus status, String told, Exchange exchange) {
        return status.code() + " " + status.reasonPhrase() + (told.isEmpty() ? "" : ": " + told) + "\nrequest id "
                + exchange.requestId() + "\n";
    }

    private DefaultFullHttpResponse response(Exchange exchange, HttpResponseStatus status, String body) {
        Channel channel = exchange.stream().channel();
        ByteBuf content = ByteBufUtil.writeUtf8(channel.alloc(), body);
        DefaultFullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, content);
        HttpHeaders headers = response.headers();
        headers.set(
                HttpHeaderNames.DATE,
                date(exchange.stream().worker().shared.clock().millis()));
        if (content.isReadable()) {
            headers.set(
                    HttpHeaderNames.CONTENT_TYPE,
                    "text/plain; charset=" + UTF_8.name().toLowerCase(Locale.ROOT));
        }
        headers.set(HttpHeaderNames.CONTENT_LENGTH, content.readableBytes());
        headers.set(ForwardedHeaders.X_REQUEST_ID, exchange.requestId());
        String hsts = exchange.hsts();
        if (hsts != null) {
            headers.set(AnswerForwarding.HSTS, hsts);
        }
        if (status.code() == 405) {
            headers.set(HttpHeaderNames.ALLOW, METHODS); // RFC 9110 section 15.5.6
        }
        return response;
    }

    private static void send(Exchange exchange, DefaultFullHttpResponse response, boolean close) {
        ClientStream stream = exchange.stream();
        boolean goesOn = !close && exchange.mayGoOn();
        AnswerForwarding.tellWhetherItGoesOn(response.headers(), exchange, goesOn);
        if (!exchange.isHead()) {
            exchange.sent(response.content().readableBytes());
        } else {
            response.content().clear(); // the length stays said, the body is not sent (RFC 9110 section 9.3.2)
        }
        ChannelFuture written = stream.channel().writeAndFlush(response);
        if (goesOn) {
            stream.endAndGoOn();
        } else {
            stream.endAndClose(written);
        }
    }

    /** RFC 9110 section 6.6.1: an answer says when it was made. */
    private String date(long millis) {
        long second = millis / 1000;
        if (second != dateSecond) {
            dateSecond = second;
            date = EnglishDates.HTTP.format(ZonedDateTime.ofInstant(Instant.ofEpochSecond(second), ZoneOffset.UTC));
        }
        return date;
    }
}
