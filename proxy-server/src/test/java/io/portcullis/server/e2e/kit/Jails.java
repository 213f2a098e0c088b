package io.portcullis.server.e2e.kit;

/** The jails that several tests put into a virtual host. */
public final class Jails {

    public static final int MAX_RETRY = 5;

    /** The seed case: 403 five times in a minute bans for an hour. */
    public static final String FORBIDDEN = forbidden("");

    /** The seed case with more settings. */
    public static String forbidden(String more) {
        return "httpd-forbidden { statuses = [403], max-retry = " + MAX_RETRY + ", find-time = 1m, ban-time = 1h\n"
                + more + " }";
    }

    private Jails() {}
}
