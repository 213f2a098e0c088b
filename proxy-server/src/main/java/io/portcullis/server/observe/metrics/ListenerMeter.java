package io.portcullis.server.observe.metrics;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/**
 * What is counted of a listener's connections. Lives as long as the listener's name is known. Thread-safe: connections are
 * accepted on one event loop and live on others, and each costs a thousand times what counting it does.
 */
public final class ListenerMeter {

    /** The TLS versions that are spoken here. */
    static final String TLS_1_2 = "TLSv1.2";

    static final String TLS_1_3 = "TLSv1.3";

    final LongAdder accepted = new LongAdder();
    final LongAdder open = new LongAdder();
    final LongAdder overLimit = new LongAdder();
    final LongAdder refusedAtAccept = new LongAdder();
    final LongAdder refusedAtSni = new LongAdder();
    final LongAdder http1 = new LongAdder();
    final LongAdder http2 = new LongAdder();
    final LongAdder tls12 = new LongAdder();
    final LongAdder tls13 = new LongAdder();

    private final Map<TlsFailure, LongAdder> failures = new EnumMap<>(TlsFailure.class);

    ListenerMeter() {
        for (TlsFailure failure : TlsFailure.values()) {
            failures.put(failure, new LongAdder());
        }
    }

    /** A connection was let in. */
    public void accepted() {
        accepted.increment();
        open.increment();
    }

    /** One that was {@link #accepted} is gone. */
    public void closed() {
        open.decrement();
    }

    /** A connection was reset because there are as many as there may be. */
    public void overLimit() {
        overLimit.increment();
    }

    /** A connection was reset because all hosts here have banned its client. */
    public void refusedAtAccept() {
        refusedAtAccept.increment();
    }

    /** A connection was reset because the host that its hello names has banned its client. */
    public void refusedAtSni() {
        refusedAtSni.increment();
    }

    /** A connection speaks HTTP/1. */
    public void speaksHttp1() {
        http1.increment();
    }

    public void speaksHttp2() {
        http2.increment();
    }

    /** @param version as the session names it */
    public void secured(String version) {
        if (version.equals(TLS_1_2)) {
            tls12.increment();
        } else {
            tls13.increment();
        }
    }

    public void notSecured(TlsFailure why) {
        Objects.requireNonNull(failures.get(why)).increment();
    }

    long failures(TlsFailure why) {
        return Objects.requireNonNull(failures.get(why)).sum();
    }
}
