package io.portcullis.server.exchange;

import io.portcullis.core.http.RequestHead;
import org.jspecify.annotations.Nullable;

/** Stands for the request of a client that has not come to send one. */
enum UnreadHead implements RequestHead {
    UNREAD;

    private static final String NONE = "-";

    @Override
    public String method() {
        return NONE;
    }

    @Override
    public String path() {
        return NONE;
    }

    @Override
    public String target() {
        return NONE;
    }

    @Override
    public @Nullable String header(String name) {
        return null;
    }
}
