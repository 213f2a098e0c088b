package io.portcullis.core.ban;

import io.portcullis.core.http.RequestHead;
import org.jspecify.annotations.Nullable;

/** A request head without fields. */
record Request(String method, String path, String target) implements RequestHead {

    static Request get(String path) {
        return new Request("GET", path, path);
    }

    @Override
    public @Nullable String header(String name) {
        return null;
    }
}
