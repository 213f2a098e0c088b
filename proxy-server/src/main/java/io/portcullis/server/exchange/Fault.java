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

    private Fault(Source source, HttpResponseStatus status, String upstream, String message) {
        super(message, null, false, false);
        this.source = source;
        this.status = status;
        this.upstream = upstream;
    }

    /** The request breaks a rule. The framing of what follows it is in doubt, so its connection ends. */
    public static Fault ofClient(int status, String message) {
        return new Fault(Source.CLIENT, HttpResponseStatus.valueOf(status), "", message);
    }

    /**
     * The application, or the way to it, failed.
     *
     * @param upstream its name
     */
    static Fault ofUpstream(int status, String upstream, String message) {
        return new Fault(Source.UPSTREAM, HttpResponseStatus.valueOf(status), upstream, message);
    }

    /** The proxy itself failed. */
    public static Fault ofProxy(String message) {
        return new Fault(Source.PROXY, HttpResponseStatus.INTERNAL_SERVER_ERROR, "", message);
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

    /**
     * What the jails are shown; null where that is the answer alone. A body that is too large, or an expectation that
     * nobody knows, breaks no rule of the protocol: the one is a visitor's big file, the other an unusual client.
     */
    @Nullable
    On offence() {
        if (source != Source.CLIENT) {
            return null;
        }
        return switch (status.code()) {
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
