package io.portcullis.core.http;

import org.jspecify.annotations.Nullable;

/**
 * What stands in the place of a request's head where a client has offended before there was one.
 *
 * @param what it did, in a few words for the operator; where a request has its path
 */
public record NoRequest(String what) implements RequestHead {

    @Override
    public String method() {
        return "-";
    }

    @Override
    public String path() {
        return what;
    }

    @Override
    public String target() {
        return what;
    }

    @Override
    public @Nullable String header(String name) {
        return null;
    }
}
