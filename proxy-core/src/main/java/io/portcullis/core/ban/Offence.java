package io.portcullis.core.ban;

/**
 * An observation that a jail counted against a client, as it is told to people.
 *
 * @param millis when, in milliseconds since the epoch
 * @param virtualHost the virtual host's name
 * @param jail the jail's name
 * @param method cut at {@link #MAX_METHOD} characters
 * @param path as the client sent it, cut at {@link #MAX_PATH} characters
 * @param status the answer's
 */
public record Offence(long millis, String virtualHost, String jail, String method, String path, int status) {

    /** Enough to recognise a probe; a stranger does not choose how much is remembered. */
    public static final int MAX_PATH = 128;

    /** Longer than any registered method; an unknown one is as long as a stranger likes. */
    public static final int MAX_METHOD = 24;

    public Offence {
        if (method.length() > MAX_METHOD) {
            method = method.substring(0, MAX_METHOD);
        }
        if (path.length() > MAX_PATH) {
            path = path.substring(0, MAX_PATH);
        }
    }
}
