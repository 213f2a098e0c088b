package io.portcullis.benchmarks.load.generator;

import java.util.Arrays;
import java.util.Optional;

/** What can be said to a load, each with the values that it takes. */
public enum Option {
    /** Connections, at once. */
    CONNECTIONS("connections", Form.COUNT, 20_000),
    /** How long it measures. */
    SECONDS("seconds", Form.SECONDS, 3_600),
    /** Seconds of the same load before it says that it is ready: see {@link LeadIn}. */
    LEAD_IN("lead-in", Form.SECONDS, 60),
    /** Seconds until an answer counts as missing. */
    TIMEOUT("timeout", Form.SECONDS, 60),
    /** What is asked for. */
    PATH("path", Form.PATH, 0),
    /** How many names are asked for in turn: their number, from 0, stands for the {@code *} in the target's host. */
    HOSTS("hosts", Form.COUNT, 100_000),
    /** A further header line; there may be many. */
    HEADER("header", Form.HEADER, 0),
    /** Requests a second. */
    RATE("rate", Form.COUNT, 1_000_000),
    /** Requests at most. */
    REQUESTS("requests", Form.COUNT, 10_000_000),
    /** Octets that are sent with each request. */
    SIZE("size", Form.COUNT, 1 << 30),
    /** The address of this machine that it connects from; else the kernel's choice. */
    SOURCE("source", Form.LOOPBACK, 0),
    /** How many addresses, from that one on, it connects from in turn. */
    SOURCES("sources", Form.COUNT, 10_000);

    private final String key;
    private final Form form;
    private final int most;

    Option(String key, Form form, int most) {
        this.key = key;
        this.form = form;
        this.most = most;
    }

    static Optional<Option> of(String key) {
        return Arrays.stream(values()).filter(option -> option.key.equals(key)).findFirst();
    }

    /** As it is called on the command line, without the dashes. */
    public String key() {
        return key;
    }

    /** Whether it may be said more than once. */
    boolean isMany() {
        return this == HEADER;
    }

    /** @throws IllegalArgumentException for a value that it doesn't take, which says what it does */
    String check(String value) {
        if (!form.isOf(value, most)) {
            throw new IllegalArgumentException("--" + key + ": " + value + " (expected: " + form.expected(most) + ")");
        }
        return value;
    }
}
