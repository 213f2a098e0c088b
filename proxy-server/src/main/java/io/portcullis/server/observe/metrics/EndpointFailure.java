package io.portcullis.server.observe.metrics;

import java.util.Locale;

/** How an endpoint failed an exchange. */
public enum EndpointFailure {
    /** No connection came about: refused, no such name, TLS without agreement, no stream free. */
    CONNECT(0),
    /** No connection within {@code timeouts.connect}. */
    CONNECT_TIMEOUT(1),
    /** No answer within {@code timeouts.response}. */
    ANSWER_TIMEOUT(2),
    /** The connection was closed or reset before the answer was whole. */
    LOST(3),
    /** What came is no valid answer. */
    BAD_ANSWER(4);

    /** Where it is counted, from 0 on. */
    final int cell;

    EndpointFailure(int cell) {
        this.cell = cell;
    }

    /** As the label has it. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
