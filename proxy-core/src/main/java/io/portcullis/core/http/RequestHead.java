package io.portcullis.core.http;

import org.jspecify.annotations.Nullable;

/**
 * A view of a request's head, as far as decisions need it. Whoever holds the real head implements it, so that nothing
 * is copied.
 */
public interface RequestHead {

    /** As sent: methods are case-sensitive (RFC 9110 section 9.1). */
    String method();

    /** The decoded, normalised path, without query. */
    String path();

    /** The target as the client sent it, for logs. */
    String target();

    /** The field of that name, several joined by commas, or null where there is none; names compare without case. */
    @Nullable
    String header(String name);
}
