package io.portcullis.server.exchange;

import io.netty.channel.Channel;
import io.portcullis.core.ban.BanEngine;
import io.portcullis.core.net.ClientAddress;
import io.portcullis.core.net.ClientKey;
import io.portcullis.core.net.IpAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * The other end of a client's connection: the client itself, or a trusted proxy that speaks for many. Where the
 * connection came through a trusted proxy by the PROXY protocol, the one that it came from.
 *
 * <p>What applications are told of it is made once, as it is the same for each exchange. Owned by the connection's event
 * loop.
 */
final class Peer {

    private final ClientAddress direct;
    private final int localPort;
    private final ClientKey key;
    private final boolean trusted;
    private @Nullable String text;
    private @Nullable String port;

    private Peer(ClientAddress direct, int localPort, BanEngine bans, Rules rules) {
        this.direct = direct;
        this.localPort = localPort;
        this.key = bans.keyOf(direct.client());
        this.trusted = rules.clientAddresses().isTrusted(direct.client());
    }

    static Peer of(Channel channel, BanEngine bans, Rules rules) {
        IpAddress address = IpAddress.of(((InetSocketAddress) channel.remoteAddress()).getAddress());
        int localPort = ((InetSocketAddress) channel.localAddress()).getPort();
        return new Peer(ClientAddress.direct(address), localPort, bans, rules);
    }

    /**
     * The one that this trusted proxy passes a connection on for, by the PROXY protocol. It may be a trusted proxy, too.
     *
     * @param port that it connected to
     */
    Peer speaksFor(IpAddress client, int port, BanEngine bans, Rules rules) {
        return new Peer(new ClientAddress(client, direct.peer(), true), port, bans, rules);
    }

    IpAddress address() {
        return direct.client();
    }

    /** The peer, taken for the client. */
    ClientAddress asClient() {
        return direct;
    }

    ClientKey key() {
        return key;
    }

    /** Whether it is a trusted proxy, so that each exchange may be another client's. */
    boolean isTrustedProxy() {
        return trusted;
    }

    /** Its address as applications are told it. */
    String text() {
        String made = text;
        if (made == null) {
            made = direct.client().toString();
            text = made;
        }
        return made;
    }

    /** The port that it connected to, as applications are told it. */
    String port() {
        String made = port;
        if (made == null) {
            made = Integer.toString(localPort);
            port = made;
        }
        return made;
    }
}
