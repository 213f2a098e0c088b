package io.portcullis.server.config;

/** Reads port numbers strictly. */
final class Ports {

    private static final int LAST = 65_535;

    private Ports() {}

    /** The number, 0 to 65535, or -1 where the text is none. */
    static int parse(String text) {
        if (text.isEmpty() || text.length() > 5) {
            return -1;
        }
        int port = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            port = port * 10 + c - '0';
        }
        return port <= LAST ? port : -1;
    }
}
