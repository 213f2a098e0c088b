package io.portcullis.server.config;

import io.portcullis.core.config.DefaultHost;
import java.util.List;

/** The words of {@code default-host} that are no virtual host's name. */
final class DefaultHosts {

    static final String CLOSE = "close";
    static final String REJECT = "reject";
    static final List<String> WORDS = List.of(CLOSE, REJECT);

    private DefaultHosts() {}

    /** @param name one of the words, or a virtual host's name */
    static DefaultHost of(String name) {
        return switch (name) {
            case CLOSE -> DefaultHost.Close.CLOSE;
            case REJECT -> DefaultHost.Reject.REJECT;
            default -> new DefaultHost.Named(name);
        };
    }
}
