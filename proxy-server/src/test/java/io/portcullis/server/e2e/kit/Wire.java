package io.portcullis.server.e2e.kit;

/** How HTTP/1.1 is written (RFC 9112 section 2.1). */
public final class Wire {

    /** The lines, each ended by CRLF. */
    public static String lines(String... lines) {
        return String.join("\r\n", lines) + "\r\n";
    }

    /** A message without a body: the lines and the empty line that ends them. */
    public static String head(String... lines) {
        return lines(lines) + "\r\n";
    }

    private Wire() {}
}
