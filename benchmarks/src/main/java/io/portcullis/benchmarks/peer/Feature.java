package io.portcullis.benchmarks.peer;

import java.util.Locale;

/** Something that a scenario needs of a proxy, beyond passing on plain HTTP/1.1, and that not every proxy has. */
public enum Feature {
    TLS,
    HTTP2,
    WEBSOCKET,
    ACCESS_LOG,
    /** The client {@link Setup#OFFENDER} is refused from the start. */
    BANNED,
    /** A client is refused after {@link Setup#MAX_RETRY} answers of 403 within a minute. */
    JAIL,
    /** Ten jails, of which the answers match none. */
    JAILS,
    /** Each client is banned at its first answer of 403; who it is says a trusted proxy. */
    STORM,
    /** Banned clients are refused by the kernel. */
    KERNEL_FILTER;

    /** As templates name it. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
