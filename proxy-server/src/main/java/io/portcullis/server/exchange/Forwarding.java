package io.portcullis.server.exchange;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.portcullis.core.ban.AnswerWeight;
import io.portcullis.core.ban.Verdict;
import io.portcullis.core.config.JailConfig.On;
import io.portcullis.core.config.RouteConfig.ToUpstream;
import io.portcullis.core.config.TimeoutsConfig;
import io.portcullis.core.route.Route;
import io.portcullis.server.observe.metrics.EndpointFailure;
import io.portcullis.server.upstream.AnswerReceiver;
import io.portcullis.server.upstream.UpstreamConnection;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * One exchange between a client and an endpoint: the request streams one way, the answer the other, and each side waits
 * for the slower one.
 *
 * <p>The jails see the answer's head here, before it is passed on. Owned by the connection's event loop.
 */
final class Forwarding implements AnswerReceiver, ExchangeDriver {

    /** More interim answers than any application sends; each costs the client's patience and ours. */
    private static final int MAX_INTERIM = 16;

    private final Exchange exchange;
    private final ClientStream stream;
    private final Channel client;
    private final EndpointTries tries;
    private final @Nullable String upgrade;
    private final @Nullable String verdictHeader;
    private final HttpRequest head;

    private @Nullable UpstreamConnection upstream;
    /** Parts of the body that came while no endpoint was connected; at most what one read brings. */
    private @Nullable ArrayDeque<HttpContent> waiting;

    private boolean requestEnded;
    private boolean answerBegun;
    private boolean staysOpen;
    private boolean switching;
    private boolean endsByClosing;
    private int interim;
    private long leftForClient = -1;
    private boolean over;

    Forwarding(Exchange exchange, Route route, ToUpstream target) {
        this.exchange = exchange;
        this.stream = exchange.stream();
        this.client = stream.channel();
        this.upgrade = RequestForwarding.upgrade(exchange);
        this.verdictHeader = exchange.verdictHeader();
        this.head = RequestForwarding.head(exchange, route, upgrade);
        boolean bodyless = exchange.isRequestEnded();
        this.tries = new EndpointTries(
                exchange.rules().upstream(target.upstream()),
                exchange,
                bodyless,
                RequestForwarding.isIdempotent(head.method()));
    }

    /** Chooses an endpoint and sends the head there, now or when it is connected. */
    void start() {
        stream.drivenBy(this);
        tries.next(this::send, this::noEndpoint);
    }

    boolean isOver() {
        return over;
    }

    // The request

    private void send(UpstreamConnection connected) {
        if (over) {
            connected.release();
            return;
        }
        upstream = connected;
        exchange.sentTo(tries.endpointName());
        connected.request(head, this);
        ArrayDeque<HttpContent> parts = waiting;
        waiting = null;
        if (parts != null) {
            parts.forEach(connected::body);
        } else if (requestEnded) {
            connected.body(LastHttpContent.EMPTY_LAST_CONTENT); // a retry: the request had no body
        }
        stream.reading().holdForBody(!connected.isWritable());
        await();
    }

    /** Passes a part of the body on, or keeps it until an endpoint is connected. */
    void body(HttpContent part) {
        if (part.decoderResult().isFailure()) {
            part.release();
            Throwable cause = part.decoderResult().cause();
            fail(cause instanceof Fault fault ? fault : Fault.ofClient(400, "malformed body"));
            return;
        }
        exchange.received(part.content().readableBytes());
        if (part instanceof LastHttpContent last) {
            RequestForwarding.cleanTrailers(last.trailingHeaders());
            requestEnded = true;
            exchange.requestEnded();
        }
        UpstreamConnection connected = upstream;
        if (connected == null) {
            keep(part);
            return;
        }
        connected.body(part);
        if (!connected.isWritable()) {
            connected.flush();
            stream.reading().holdForBody(!connected.isWritable());
        }
        await();
    }

    private void keep(HttpContent part) {
        if (waiting == null) {
            waiting = new ArrayDeque<>(2);
        }
        waiting.add(part);
        if (!requestEnded) {
            stream.reading().holdForBody(true);
        }
    }

    void flushRequest() {
        UpstreamConnection connected = upstream;
        if (connected != null) {
            connected.flush();
        }
    }

    @Override
    public void writabilityChanged(boolean writable) {
        stream.reading().holdForBody(!writable);
        await();
    }

    /** Sets the time-out by whom the exchange now waits for. */
    private void await() {
        TimeoutsConfig timeouts = exchange.rules().timeouts();
        boolean forClient = (!requestEnded && !stream.reading().isHeldForBody()) || !client.isWritable();
        stream.expectWithin((forClient ? timeouts.idle() : timeouts.response()).toNanos());
    }

    // The answer

    @Override
    public void head(HttpResponse answer) {
        String problem = AnswerForwarding.problem(answer);
        if (problem != null) {
            failed(EndpointFailure.BAD_ANSWER, problem);
            return;
        }
        int code = answer.status().code();
        if (code < 200 && code != 101) {
            interim(answer);
            return;
        }
        if (code == 101 && (upgrade == null || !requestEnded)) {
            failed(
                    EndpointFailure.BAD_ANSWER,
                    "switched protocols unasked"); // CVE-2026-2833 and its kin: no tunnel but the one asked for
            return;
        }
        tries.answered(exchange.answerBegins());
        Verdict verdict = exchange.observe(code, weight(answer.headers()));
        if (verdict instanceof Verdict.Refuse refuse) {
            giveUp();
            stream.worker().responder.refuse(exchange, refuse);
            return;
        }
        if (code == 101 && exchange.isLast()) {
            giveUp();
            stream.endAndReset(); // nothing is opened for a client that this answer bans
            return;
        }
        answerBegun = true;
        if (code == 101) {
            switchProtocols(answer);
            return;
        }
        boolean goesOn = exchange.mayGoOn();
        staysOpen = AnswerForwarding.rewrite(answer, exchange, goesOn);
        endsByClosing = exchange.isHttp10() && !answer.headers().contains(HttpHeaderNames.CONTENT_LENGTH);
        client.write(answer, client.voidPromise());
        if (exchange.isLast()) {
            stream.expectLastAnswer();
        }
        await();
    }

    private AnswerWeight weight(HttpHeaders headers) {
        return verdictHeader == null
                ? AnswerWeight.UNSAID
                : stream.worker().verdictHeader.take(verdictHeader, headers, exchange.virtualHostName());
    }

    private void interim(HttpResponse answer) {
        if (++interim > MAX_INTERIM) {
            failed(EndpointFailure.BAD_ANSWER, "sent more than " + MAX_INTERIM + " interim answers");
            return;
        }
        if (!exchange.isHttp10()) { // RFC 9110 section 15.2
            AnswerForwarding.removeHopByHop(answer.headers());
            VerdictHeader.remove(verdictHeader, answer.headers());
            DefaultFullHttpResponse whole = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, answer.status());
            whole.headers().set(answer.headers());
            client.writeAndFlush(whole, client.voidPromise());
        }
        await();
    }

    private void switchProtocols(HttpResponse answer) {
        switching = true;
        AnswerForwarding.removeHopByHop(answer.headers());
        HttpHeaders headers = answer.headers();
        headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE);
        headers.set(HttpHeaderNames.UPGRADE, String.valueOf(upgrade));
        client.write(answer, client.voidPromise());
    }

    @Override
    public void content(HttpContent part) {
        if (over) {
            part.release();
            return;
        }
        if (switching) {
            part.release();
            if (part instanceof LastHttpContent) {
                tunnel();
            }
            return;
        }
        exchange.sent(part.content().readableBytes());
        if (part instanceof LastHttpContent last) {
            VerdictHeader.remove(verdictHeader, last.trailingHeaders());
            complete(part);
            return;
        }
        client.write(part, client.voidPromise());
        UpstreamConnection connected = upstream;
        if (!client.isWritable() && connected != null) {
            client.flush();
            connected.read(client.isWritable());
        }
        await();
    }

    private void complete(HttpContent lastPart) {
        over = true;
        UpstreamConnection connected = upstream;
        upstream = null;
        if (connected != null) {
            connected.release();
        }
        if (staysOpen) {
            client.writeAndFlush(lastPart, client.voidPromise());
            stream.endAndGoOn();
        } else {
            stream.endAndClose(client.writeAndFlush(lastPart));
        }
    }

    @Override
    public void readComplete() {
        client.flush();
    }

    void clientWritabilityChanged(boolean writable) {
        UpstreamConnection connected = upstream;
        if (connected != null) {
            connected.read(writable);
        }
        await();
    }

    private void tunnel() {
        UpstreamConnection connected = upstream;
        if (connected == null) {
            return;
        }
        over = true;
        upstream = null;
        Tunnel.open(exchange, connected.unwrap());
    }

    // What can go wrong

    private void noEndpoint(Fault fault) {
        if (!over) {
            fail(fault);
        }
    }

    @Override
    public void failed(EndpointFailure how, String reason) {
        UpstreamConnection lost = upstream;
        if (over || lost == null) {
            return;
        }
        upstream = null;
        boolean retry = tries.mayRetry(lost);
        lost.release();
        if (retry) {
            tries.again(this::send, this::noEndpoint);
            return;
        }
        tries.failed(how, reason);
        fail(tries.fault(502, tries.endpointName() + " " + reason));
    }

    @Override
    public void timedOut() {
        if (!client.isWritable()) {
            long left = client.bytesBeforeWritable();
            if (left != leftForClient) {
                leftForClient = left; // slow, but it takes some
                await();
            } else {
                giveUp();
                exchange.offends(On.TIMEOUT, 0);
                stream.endAndReset();
            }
            return;
        }
        if (!requestEnded && !stream.reading().isHeldForBody()) {
            fail(Fault.ofClient(408, "request body not complete in time"));
            return;
        }
        tries.failed(EndpointFailure.ANSWER_TIMEOUT, "did not answer in time");
        fail(tries.fault(504, tries.endpointName() + " did not answer in time"));
    }

    /** Answers the fault; where the answer has begun, cuts it so that nobody takes it for complete. */
    private void fail(Fault fault) {
        giveUp();
        if (!answerBegun) {
            stream.worker().responder.answer(exchange, fault);
            return;
        }
        stream.worker().responder.cut(exchange, fault);
        On offence = fault.offence();
        if (offence != null) {
            exchange.offends(offence, 0); // the answer has been seen already
        }
        stream.endCut(endsByClosing);
    }

    @Override
    public void abandoned() {
        giveUp();
    }

    @Override
    public void inputEnded() {
        if (!requestEnded) {
            giveUp();
            stream.endCut(endsByClosing); // a reset could wipe out the answers to the requests before it
        }
    }

    private void giveUp() {
        over = true;
        tries.giveUp();
        UpstreamConnection connected = upstream;
        upstream = null;
        if (connected != null) {
            connected.release();
        }
        ArrayDeque<HttpContent> parts = waiting;
        waiting = null;
        if (parts != null) {
            parts.forEach(HttpContent::release);
        }
    }
}
