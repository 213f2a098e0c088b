package io.portcullis.core.net;

/**
 * What the octets at the start of a connection say by the PROXY protocol, version 1 or 2: whose connection a proxy passes
 * on. After "The PROXY protocol", versions 1 &amp; 2, of HAProxy's documentation.
 *
 * <p>Who the client is depends on it, and with that who is banned; so it is read strictly, and a header that is malformed
 * is told by its first wrong octet, not when it has come as a whole.
 */
public sealed interface ProxyHeader {

    /** Octets of the longest header that is read: far more than proxies tell about a connection. */
    int MAX_LENGTH = 4096;

    /** More octets are needed. */
    enum Incomplete implements ProxyHeader {
        INCOMPLETE
    }

    /**
     * No header, or none that means anything.
     *
     * @param problem what is wrong
     */
    record Malformed(String problem) implements ProxyHeader {}

    /**
     * The connection is the proxy's own (a health check), or of a kind that has no addresses.
     *
     * @param length of the header in octets
     */
    record Own(int length) implements ProxyHeader {}

    /**
     * The connection is passed on.
     *
     * @param length of the header in octets
     * @param source the client
     * @param destinationPort that it connected to
     */
    record PassedOn(int length, IpAddress source, int destinationPort) implements ProxyHeader {}

    /**
     * Reads the header at the start of a connection.
     *
     * @param octets that came; those behind {@code available} are not looked at
     */
    static ProxyHeader read(byte[] octets, int available) {
        if (available == 0) {
            return Incomplete.INCOMPLETE;
        }
        return octets[0] == 'P' ? ProxyHeaderText.read(octets, available) : ProxyHeaderBinary.read(octets, available);
    }

    /** One end of a connection. */
    record End(IpAddress address, int port) {}

    /** A header of version 2 that passes on a TCP connection between the two. */
    static byte[] write(End source, End destination) {
        return ProxyHeaderBinary.write(source, destination);
    }
}
