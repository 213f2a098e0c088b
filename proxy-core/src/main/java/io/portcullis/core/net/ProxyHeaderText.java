package io.portcullis.core.net;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.portcullis.core.net.ProxyHeader.End;
import io.portcullis.core.net.ProxyHeader.Incomplete;
import io.portcullis.core.net.ProxyHeader.Malformed;
import io.portcullis.core.net.ProxyHeader.Own;
import io.portcullis.core.net.ProxyHeader.PassedOn;
import org.jspecify.annotations.Nullable;

/** Version 1: a line such as {@code PROXY TCP4 192.0.2.7 198.51.100.1 56324 443}. */
final class ProxyHeaderText {

    private static final byte[] START = "PROXY ".getBytes(US_ASCII);
    /** With its CRLF; the specification's own figure. */
    private static final int MAX_LINE = 107;

    private static final int FIELDS = 6;
    private static final int MAX_PORT = 65535;

    private ProxyHeaderText() {}

    static ProxyHeader read(byte[] octets, int available) {
        for (int i = 0; i < Math.min(available, START.length); i++) {
            if (octets[i] != START[i]) {
                return new Malformed("no PROXY protocol header");
            }
        }
        int end = lineEnd(octets, Math.min(available, MAX_LINE));
        if (end >= 0) {
            return readLine(new String(octets, 0, end, US_ASCII), end + 2);
        }
        return available < MAX_LINE
                ? Incomplete.INCOMPLETE
                : new Malformed("PROXY line longer than " + MAX_LINE + " octets");
    }

    private static int lineEnd(byte[] octets, int limit) {
        for (int i = START.length; i + 1 < limit; i++) {
            if (octets[i] == '\r' && octets[i + 1] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private static ProxyHeader readLine(String line, int length) {
        String[] fields = line.split(" ", -1);
        if (fields[1].equals("UNKNOWN")) {
            return new Own(length); // the rest of the line is to be ignored
        }
        boolean ipv4 = fields[1].equals("TCP4");
        if (!ipv4 && !fields[1].equals("TCP6")) {
            return new Malformed("PROXY line of an unknown protocol (expected: TCP4, TCP6 or UNKNOWN)");
        }
        if (fields.length != FIELDS) {
            return new Malformed("PROXY line of " + fields.length + " fields (expected: " + FIELDS + ")");
        }
        IpAddress source = address(fields[2], ipv4);
        IpAddress destination = address(fields[3], ipv4);
        int sourcePort = port(fields[4]);
        int destinationPort = port(fields[5]);
        if (source == null || destination == null || sourcePort < 0 || destinationPort < 0) {
            return new Malformed("PROXY line with an invalid address or port");
        }
        return new PassedOn(length, new End(source, sourcePort), new End(destination, destinationPort));
    }

    private static @Nullable IpAddress address(String text, boolean ipv4) {
        return (text.indexOf(':') < 0) == ipv4 ? IpAddress.parse(text) : null;
    }

    /** Decimal, without superfluous zeros; -1 for anything else. */
    private static int port(String text) {
        int port = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9' || i == 5) {
                return -1;
            }
            port = port * 10 + c - '0';
        }
        boolean padded = text.length() > 1 && text.charAt(0) == '0';
        return text.isEmpty() || padded || port > MAX_PORT ? -1 : port;
    }
}
