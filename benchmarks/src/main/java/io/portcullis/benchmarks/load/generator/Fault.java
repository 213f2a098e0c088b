package io.portcullis.benchmarks.load.generator;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.util.Locale;
import javax.net.ssl.SSLException;

/** What becomes of a request that isn't answered as it should be. */
enum Fault {
    /** The connection was refused before it stood. */
    CONNECT,
    RESET,
    /** The connection's end came before the answer's. */
    CLOSED,
    TIMEOUT,
    TLS,
    /** Answered, but with another status than a good one. */
    STATUS,
    MALFORMED,
    /** Its time had come, but no connection was free until the end. */
    UNSENT,
    /** This machine had no address or port left to connect from. */
    LOCAL;

    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Fault of(Throwable cause) {
        for (Throwable at = cause; at != null; at = at.getCause()) {
            String message = String.valueOf(at.getMessage());
            if (at instanceof SSLException) {
                return TLS;
            }
            if (at instanceof BindException || message.contains("Cannot assign requested address")) {
                return LOCAL;
            }
            // A connection that is accepted and reset at once fails in the second half of connecting.
            if (message.contains("reset") || message.contains("Broken pipe")) {
                return RESET;
            }
            if (at instanceof ConnectException) {
                return CONNECT;
            }
        }
        return cause instanceof IOException ? CLOSED : MALFORMED;
    }
}
