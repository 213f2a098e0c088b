package io.portcullis.core.net;

/**
 * Who the client really is, and the peer it came through.
 *
 * @param client the first address that no trusted proxy vouches further for
 * @param peer the other end of the connection; the client itself where {@code viaTrustedProxy} is false
 * @param viaTrustedProxy whether the peer is a trusted proxy
 */
public record ClientAddress(IpAddress client, IpAddress peer, boolean viaTrustedProxy) {

    /** A client that connected by itself. */
    public static ClientAddress direct(IpAddress peer) {
        return new ClientAddress(peer, peer, false);
    }
}
