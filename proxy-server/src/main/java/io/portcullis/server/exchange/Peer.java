package io.portcullis.server.exchange;

import io.netty.channel.Channel;
import io.portcullis.core.ban.BanEngine;
import io.portcullis.core.net.ClientAddress;
import io.portcullis.core.net.ClientKey;
import io.portcullis.core.net.IpAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * The other end of a client's connection: the client itself, or a trusted proxy that speaks for many.
 *
 * <p>What applications are told of it is made once, as it is the same for each exchange. Owned by the connection's event
 * loop.
 */
final class Peer {

    private final Channel channel;
    private final ClientAddress direct;
    private final ClientKey key;
    private final boolean trusted;
    private @Nullable String text;
    private @Nullable String port;

    private Peer(Channel channel, IpAddress address, ClientKey key, boolean trusted) {
        this.channel = channel;
        this.direct = ClientAddress.direct(address);
        this.key = key;
        this.trusted = trusted;
    }

    static Peer of(Channel channel, BanEngine bans, Rules rules) {
        IpAddress address = IpAddress.of(((InetSocketAddress) channel.remoteAddress()).getAddress());
        return new Peer(
                channel, address, bans.keyOf(address), rules.clientAddresses().isTrusted(address));
    }

    IpAddress address() {
        return direct.peer();
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
            made = direct.peer().toString();
            text = made;
        }
        return made;
    }

    /** The port that it connected to, as applications are told it. */
    String port() {
        String made = port;
        if (made == null) {
            made = Integer.toString(((InetSocketAddress) channel.localAddress()).getPort());
            port = made;
        }
        return made;
    }
}
