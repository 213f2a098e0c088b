package io.portcullis.server.observe.metrics;

import java.util.Locale;

/** Why TLS was not agreed on with a client. */
public enum TlsFailure {
    /** No certificate is for the host that the client named, or it named none. */
    NO_CERTIFICATE,
    /** What the client sent is no hello of TLS. */
    NOT_TLS,
    /** No version or cipher in common, a certificate that the client does not take, records that break the rules. */
    NOT_AGREED,
    /** It was begun, and not complete within {@code timeouts.head}. */
    TIMEOUT;

    /** As the label has it. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
