package io.portcullis.server.exchange;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.portcullis.core.ban.AnswerWeight;
import io.portcullis.core.ban.Ban;
import io.portcullis.core.ban.BanEngine;
import io.portcullis.core.ban.JailSet;
import io.portcullis.core.ban.Observation;
import io.portcullis.core.ban.Verdict;
import io.portcullis.core.config.JailConfig.On;
import io.portcullis.core.http.ForwardedHeaders;
import io.portcullis.core.http.RequestHead;
import io.portcullis.core.http.RequestId;
import io.portcullis.core.net.ClientAddress;
import io.portcullis.core.net.ClientKey;
import io.portcullis.core.route.VirtualHost;
import io.portcullis.server.http1.ConnectionOptions;
import io.portcullis.server.http1.FieldLines;
import io.portcullis.server.http2.Http2Fields;
import io.portcullis.server.observe.AccessLog;
import io.portcullis.server.observe.AccessRecord;
import io.portcullis.server.observe.metrics.HostMeter;
import io.portcullis.server.observe.metrics.HostTally;
import io.portcullis.server.observe.metrics.WorkerMeter;
import io.portcullis.server.tls.TlsSession;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer, from head to end, whatever the HTTP version.
 *
 * <p>It pins the rules in force when it began, shows its request to the jails, and is written to the access log at its
 * end. Owned by its connection's event loop.
 *
 * <p>Over 400 lines, because it is the one place that all facts of an exchange are asked for; none of its methods is long.
 */
public final class Exchange implements RequestHead, LiveClients.Live {

    /** What nginx logs where it closes a connection without an answer. */
    static final int DROPPED = 444;

    private static final long NOT_YET = -1;

    private final ClientStream stream;
    private final ListenerRules listener;
    private final @Nullable HttpRequest request;
    private final long startMillis;
    private final long startNanos;

    private ClientAddress client;
    private ClientKey clientKey;
    private final long idHigh;
    private final long idLow;
    private @Nullable String requestId;
    private String path = "";
    private @Nullable VirtualHost virtualHost;
    private @Nullable HostMeter meter;
    private String virtualHostName = "-";
    private @Nullable JailSet jails;
    private @Nullable String hsts;
    private boolean broughtBan;
    private boolean last;
    private final boolean head;
    private final boolean http10;
    private final boolean http2;
    private final List<String> connectionOptions;
    private final String target;
    private final @Nullable String host;
    private boolean upgraded;
    private boolean requestEnded;
    private int status;
    private long bytesReceived;
    private long bytesSent;
    private @Nullable String refusedBy;
    private @Nullable String upstream;
    private long upstreamNanos;
    private long untilAnswer = NOT_YET;

    private Exchange(ClientStream stream, @Nullable HttpRequest request) {
        this.stream = stream;
        this.listener = stream.connection().listener();
        this.request = request;
        this.head = request != null && HttpMethod.HEAD.equals(request.method());
        this.http10 = request != null && HttpVersion.HTTP_1_0.equals(request.protocolVersion());
        this.http2 = request != null && Http2Fields.HTTP_2.equals(request.protocolVersion());
        this.connectionOptions = request == null ? List.of() : ConnectionOptions.of(request.headers());
        this.target = request == null ? "-" : request.uri();
        this.host = request == null ? null : stream.connection().hostField(request.headers());
        this.requestId = request == null ? null : receivedId(request.headers());
        this.idHigh = stream.worker().random.nextLong();
        this.idLow = stream.worker().random.nextLong();
        this.startMillis = stream.worker().shared.clock().millis();
        this.startNanos = stream.worker().shared.nanoTime().getAsLong();
        this.client = stream.peer().asClient();
        this.clientKey = stream.peer().key();
    }

    /** An exchange of which no head could be read. */
    static Exchange unparsed(ClientStream stream) {
        return new Exchange(stream, null);
    }

    static Exchange of(ClientStream stream, HttpRequest request) {
        return new Exchange(stream, request);
    }

    private @Nullable String receivedId(HttpHeaders headers) {
        if (!stream.peer().isTrustedProxy()) {
            return null;
        }
        String received = headers.get(ForwardedHeaders.X_REQUEST_ID);
        return received != null && RequestId.isValid(received) ? received : null;
    }

    // What it is

    ClientStream stream() {
        return stream;
    }

    Rules rules() {
        return listener.rules();
    }

    /** The listener that it came by, as it was when this began. */
    ListenerRules listener() {
        return listener;
    }

    HttpRequest request() {
        if (request == null) {
            throw new IllegalStateException("no request (expected: only one whose head was read is carried on)");
        }
        return request;
    }

    ClientAddress client() {
        return client;
    }

    ClientKey clientKey() {
        return clientKey;
    }

    String requestId() {
        String id = requestId;
        if (id == null) {
            id = RequestId.of(idHigh, idLow);
            requestId = id;
        }
        return id;
    }

    /** Tells an application the id. Where nobody else wants to know it, it is never text. */
    void tellRequestId(FieldLines headers) {
        headers.remove(ForwardedHeaders.X_REQUEST_ID);
        if (requestId == null) {
            headers.addHex(ForwardedHeaders.X_REQUEST_ID, idHigh, idLow);
        } else {
            headers.add(ForwardedHeaders.X_REQUEST_ID, requestId);
        }
    }

    @Override
    public String method() {
        return request == null || isUnread() ? "-" : request.method().name();
    }

    @Override
    public String target() {
        return target;
    }

    /** What tells an endpoint by the PROXY protocol who its client is. */
    byte[] proxyHeader() {
        return stream.peer().proxyHeader(client.client());
    }

    /** The Host field as the client sent it; null where it sent none. */
    @Nullable
    String host() {
        return host;
    }

    @Override
    public String path() {
        return path.isEmpty() ? pathAsSent() : path;
    }

    /** What has no valid path is judged by what was sent, or nobody who climbs above the root would be noticed. */
    private String pathAsSent() {
        if (request == null) {
            return "-";
        }
        String uri = request.uri();
        int query = uri.indexOf('?');
        return query < 0 ? uri : uri.substring(0, query);
    }

    @Override
    public @Nullable String header(String name) {
        if (request == null) {
            return null;
        }
        Iterator<String> values = request.headers().valueStringIterator(name);
        String first = values.hasNext() ? values.next() : null;
        // Nobody knows which of several an application reads, so none may hide behind another.
        return values.hasNext() ? String.join(", ", request.headers().getAll(name)) : first;
    }

    /** Whether its head could not be read: it names no host and no path then. */
    boolean isUnread() {
        return request == null || target.equals("-");
    }

    boolean isHead() {
        return head;
    }

    /** HTTP/1.0 knows neither chunks nor interim answers. */
    boolean isHttp10() {
        return http10;
    }

    boolean isHttp2() {
        return http2;
    }

    /** Whether the client leaves its connection open for another request (RFC 9112 section 9.3). */
    private boolean keepsAlive() {
        return ConnectionOptions.persist(connectionOptions, http10);
    }

    /** What its Connection fields list, in lower case. */
    List<String> connectionOptions() {
        return connectionOptions;
    }

    // How far it is

    /** The client is known, through whatever proxies it came. */
    void resolved(ClientAddress resolved, ClientKey resolvedKey) {
        client = resolved;
        clientKey = resolvedKey;
    }

    void normalized(String normalizedPath) {
        path = normalizedPath;
    }

    /** It asks for that virtual host, which may still refuse it. */
    void asksFor(VirtualHost host) {
        virtualHostName = host.name();
        jails = rules().jails(host);
        meter = rules().meter(host);
        hsts = isSecure() ? host.hsts().orElse(null) : null;
    }

    /** Whether the client's connection is TLS; whatever lies between the client and a trusted proxy is not known. */
    boolean isSecure() {
        return stream.connection().tls() != null;
    }

    /** What its answer says in {@code Strict-Transport-Security}, which must not be said over plain connections. */
    @Nullable
    String hsts() {
        return hsts;
    }

    /** The virtual host that it asks for takes it. */
    void admitted(VirtualHost host) {
        virtualHost = host;
        stream.admitted(this);
    }

    /** The field in which applications of its host say what an answer weighs; null where they say it nowhere. */
    @Nullable
    String verdictHeader() {
        return virtualHost == null ? null : virtualHost.verdictHeader().orElse(null);
    }

    boolean isAdmitted() {
        return virtualHost != null;
    }

    String virtualHostName() {
        return virtualHostName;
    }

    void received(int bytes) {
        bytesReceived += bytes;
    }

    void requestEnded() {
        requestEnded = true;
    }

    boolean isRequestEnded() {
        return requestEnded;
    }

    void sent(int bytes) {
        bytesSent += bytes;
    }

    void sentTo(String endpoint) {
        upstream = endpoint;
        upstreamNanos = stream.worker().shared.nanoTime().getAsLong();
    }

    /**
     * The head of an endpoint's final answer is there.
     *
     * @return how long after the request was handed over to its connection, in nanoseconds
     */
    long answerBegins() {
        long now = stream.worker().shared.nanoTime().getAsLong();
        untilAnswer = now - startNanos;
        return now - upstreamNanos;
    }

    void refusedBy(String jail) {
        if (refusedBy == null) {
            stream.worker().meter.refused();
        }
        refusedBy = jail;
        if (status == 0) {
            status = DROPPED;
        }
    }

    void upgraded() {
        upgraded = true;
        stream.worker().meter.tunnelOpened();
    }

    /** Whether it has become a tunnel, in which nobody knows what lies unread. */
    boolean isUpgraded() {
        return upgraded;
    }

    void refusedWith(int answerStatus) {
        status = answerStatus;
    }

    void dropped() {
        status = DROPPED;
    }

    /** Whether a final answer has been given, or its connection dropped. */
    boolean isAnswered() {
        return status != 0;
    }

    /** The client is banned, and this exchange's answer is the last on its stream, unless that is a proxy's. */
    void endsDirectConnection() {
        last = !stream.peer().isTrustedProxy();
    }

    /** Whether its answer is the last on its stream because it brought a ban about. */
    boolean isLast() {
        return last;
    }

    /** Whether its stream could carry another exchange after the answer that is given now. */
    boolean mayGoOn() {
        return request != null && requestEnded && !last && !stream.isDraining() && keepsAlive();
    }

    /**
     * Shows the answer's status to the jails, before the client can see it.
     *
     * @param weight what the application says of it
     * @return a refusal where the client has been banned meanwhile by another of its exchanges, and does not get this
     *     answer any more
     */
    Verdict observe(int answerStatus, AnswerWeight weight) {
        JailSet set = jails;
        Verdict verdict = Verdict.Allow.ALLOW;
        if (set != null) {
            set.answered(clientKey, answerStatus);
            boolean mayCount = weight.isSaid()
                    ? set.mayCount(answerStatus, this, weight)
                    : set.mayCount(answerStatus) && set.mayCount(answerStatus, this);
            if (mayCount) {
                verdict = show(new Observation.Answer(client, set, this, answerStatus, weight));
            }
        }
        if (verdict instanceof Verdict.Allow) {
            status = answerStatus;
        }
        return verdict;
    }

    /**
     * Shows to the jails what the client did that no application has to see. Where the host is not known, they are those
     * for what concerns none.
     *
     * @param answerStatus of the answer to it, which the jails see by this, too; 0 where it gets none
     * @return as {@link #observe}
     */
    Verdict offends(On kind, int answerStatus) {
        JailSet set = jails;
        if (set == null) {
            set = rules().noHostJails();
        } else if (answerStatus != 0) {
            set.answered(clientKey, answerStatus);
        }
        Verdict verdict = show(new Observation.Violation(client, set, this, answerStatus, kind));
        if (verdict instanceof Verdict.Allow && answerStatus != 0) {
            status = answerStatus;
        }
        return verdict;
    }

    private Verdict show(Observation observation) {
        BanEngine bans = stream.worker().shared.bans();
        Ban ban = bans.observe(observation);
        if (ban != null) {
            broughtBan = true; // this answer is still told
            endsDirectConnection();
            return Verdict.Allow.ALLOW;
        }
        return bans.verdict(client, clientKey, jails == null ? "" : virtualHostName); // no host's name is empty
    }

    /** Ends a banned client's exchange on a connection that carries others, too. */
    @Override
    public void endFor(Ban ban) {
        VirtualHost host = virtualHost;
        if (host != null
                && !broughtBan
                && stream.exchange() == this
                && ban.scope().covers(host.name())) {
            BanEngine bans = stream.worker().shared.bans();
            if (bans.verdict(client, clientKey, host.name()) instanceof Verdict.Refuse) { // the exempt stay
                stream.refuse(ban);
            }
        }
    }

    /** Counts it, and writes the access log's line. */
    void over() {
        long now = stream.worker().shared.nanoTime().getAsLong();
        count(now - startNanos);
        AccessLog accessLog = stream.worker().shared.accessLog();
        if (accessLog.isOn()) {
            log(accessLog, now);
        }
    }

    private void count(long nanos) {
        WorkerMeter worker = stream.worker().meter;
        worker.ended();
        HostTally tally = worker.tally(meter);
        tally.carried(bytesReceived, bytesSent);
        if (status == 0 || status == DROPPED) {
            tally.dropped();
        } else {
            tally.answered(status, untilAnswer == NOT_YET ? nanos : untilAnswer); // the proxy's own come whole
        }
        if (upgraded) {
            worker.tunnelClosed();
        } else if (status != 0 && status != DROPPED) {
            tally.lasted(nanos);
        }
    }

    private void log(AccessLog accessLog, long now) {
        AccessRecord.Builder line = AccessRecord.builder(startMillis, client.client(), client.peer())
                .virtualHost(virtualHostName())
                .requestId(requestId())
                .status(status == 0 ? DROPPED : status)
                .bytesReceived(bytesReceived)
                .bytesSent(bytesSent)
                .durationMicros(TimeUnit.NANOSECONDS.toMicros(now - startNanos))
                .refusedBy(refusedBy);
        if (request != null && !isUnread()) {
            HttpHeaders headers = request.headers();
            line.requestLine(method(), target(), request.protocolVersion().text())
                    .host(host)
                    .referer(headers.get(HttpHeaderNames.REFERER))
                    .userAgent(headers.get(HttpHeaderNames.USER_AGENT))
                    .authorization(headers.get(HttpHeaderNames.AUTHORIZATION));
        }
        if (upstream != null) {
            line.upstream(upstream, TimeUnit.NANOSECONDS.toMicros(now - upstreamNanos));
        }
        TlsSession tls = stream.connection().tls();
        if (tls != null) {
            line.tls(tls.version(), tls.cipher())
                    .tlsServerName(tls.serverName())
                    .alpn(tls.applicationProtocol());
        }
        accessLog.record(line.build());
    }
}
