package io.portcullis.server.observe;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** The user's name in an Authorization field of the Basic scheme (RFC 7617). */
final class BasicUser {
    private static final String SCHEME = "Basic ";

    private BasicUser() {}

    /**
     * The name, one character a byte, or null where the field holds none: another scheme, no Base64, no colon, or an
     * empty name. What follows the colon is the password and is not kept.
     */
    static @Nullable String of(@Nullable String authorization) {
        if (authorization == null || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return null;
        }
        byte[] credentials;
        try {
            credentials = Base64.getDecoder()
                    .decode(authorization.substring(SCHEME.length()).strip());
        } catch (IllegalArgumentException notBase64) {
            return null;
        }
        int colon = 0;
        while (colon < credentials.length && credentials[colon] != ':') {
            colon++;
        }
        if (colon == 0 || colon == credentials.length) {
            return null;
        }
        return new String(credentials, 0, colon, StandardCharsets.ISO_8859_1);
    }
}
