package io.portcullis.server.exchange;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.portcullis.core.config.JailConfig.On;
import org.jspecify.annotations.Nullable;

/**
 * What went wrong with an exchange, and whose fault it is.
 *
 * <p>Carried where Netty wants a {@link Throwable}; it has no stack trace, because strangers cause it at will.
 * {@link ErrorResponder} alone turns it into an answer.
 */
public final class Fault extends Exception {

    private static final long serialVersionUID = 1;

    /** Who is to blame. */
    public enum Source {
        CLIENT,
        UPSTREAM,
        PROXY
    }

    private final Source source;
    private final transient HttpResponseStatus status;
    private final String upstream;
    private final @Nullable On offence;

    private Fault(Source source, HttpResponseStatus status, String upstream, @Nullable On offence, String message) {
        super(message, null, false, false);
        this.source = source;
        this.status = status;
        this.upstream = upstream;
        this.offence = offence;
    }

    /** The request breaks a rule. The framing of what follows it is in doubt, so its connection ends. */
    public static Fault ofClient(int status, String message) {
        return new Fault(Source.CLIENT, HttpResponseStatus.valueOf(status), "", offence(status), message);
    }

    /**
     * The host is served here, but not on a connection with that certificate. No offence: clients may take one connection
     * for several hosts, and learn by this that they may not (RFC 9110 section 15.5.20).
     */
    static Fault misdirected() {
        return new Fault(
                Source.CLIENT,
                HttpResponseStatus.MISDIRECTED_REQUEST,
                "",
                null,
                "this connection's certificate is not for that host");
    }

    /**
     * The application, or the way to it, failed.
     *
     * @param upstream its name
     */
    static Fault ofUpstream(int status, String upstream, String message) {
        return new Fault(Source.UPSTREAM, HttpResponseStatus.valueOf(status), upstream, null, message);
    }

    /** The proxy itself failed. */
    public static Fault ofProxy(String message) {
        return new Fault(Source.PROXY, HttpResponseStatus.INTERNAL_SERVER_ERROR, "", null, message);
    }

    public Source source() {
        return source;
    }

    /** The upstream's name, where the fault is an upstream's; otherwise empty. */
    String upstream() {
        return upstream;
    }

    /** What the client is told, where it can still be told anything. */
    public HttpResponseStatus status() {
        return status;
    }

    /** What the jails are shown; null where that is the answer alone. */
    @Nullable
    On offence() {
        return offence;
    }

    /**
     * A body that is too large, or an expectation that nobody knows, breaks no rule of the protocol: the one is a
     * visitor's big file, the other an unusual client.
     */
    private static @Nullable On offence(int status) {
        return switch (status) {
            case 408 -> On.TIMEOUT;
            case 421 -> On.UNKNOWN_HOST;
            case 413, 417 -> null;
            default -> On.PROTOCOL_ERROR;
        };
    }

    /** Never null here. */
    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
