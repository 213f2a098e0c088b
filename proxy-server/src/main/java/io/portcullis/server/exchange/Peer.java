package io.portcullis.server.exchange;

import io.netty.channel.Channel;
import io.portcullis.core.ban.BanEngine;
import io.portcullis.core.http.ForwardedHeaders;
import io.portcullis.core.net.ClientAddress;
import io.portcullis.core.net.ClientKey;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.ProxyHeader;
import io.portcullis.core.net.ProxyHeader.End;
import io.portcullis.server.http1.FieldLines;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Objects;
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
    private final End remote;
    private final End local;
    private final ClientKey key;
    private final boolean trusted;
    private @Nullable String port;

    // What applications have been told last, of a request that came for this host.
    private @Nullable FieldLines told;
    private boolean hasTold;
    private @Nullable String toldHost;
    private String toldScheme = "";

    private Peer(ClientAddress direct, End remote, End local, BanEngine bans, Rules rules) {
        this.direct = direct;
        this.remote = remote;
        this.local = local;
        this.key = bans.keyOf(direct.client());
        this.trusted = rules.clientAddresses().isTrusted(direct.client());
    }

    static Peer of(Channel channel, BanEngine bans, Rules rules) {
        End remote = end(channel.remoteAddress());
        return new Peer(ClientAddress.direct(remote.address()), remote, end(channel.localAddress()), bans, rules);
    }

    private static End end(SocketAddress address) {
        InetSocketAddress socket = (InetSocketAddress) address;
        return new End(IpAddress.of(socket.getAddress()), socket.getPort());
    }

    /** The one that this trusted proxy passes a connection on for. It may be a trusted proxy, too. */
    Peer speaksFor(ProxyHeader.PassedOn header, BanEngine bans, Rules rules) {
        ClientAddress client = new ClientAddress(header.source().address(), direct.peer(), true);
        return new Peer(client, header.source(), header.destination(), bans, rules);
    }

    /**
     * What tells an endpoint by the PROXY protocol who the client is. The port of one that a trusted proxy names in a
     * header is not known.
     */
    byte[] proxyHeader(IpAddress client) {
        return ProxyHeader.write(client.equals(remote.address()) ? remote : new End(client, 0), local);
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

    /**
     * Tells an application of a peer that is the client. That is the same for all its requests for one host, so it is made,
     * and looked through for what must not be in a header, only where that is another one; and kept from the second
     * request on, as many a connection carries one.
     *
     * @param host the Host field of the request
     */
    void tell(FieldLines headers, String scheme, @Nullable String host) {
        FieldLines known = told;
        if (known != null && Objects.equals(toldHost, host) && toldScheme.equals(scheme)) {
            headers.add(known);
        } else if (hasTold) {
            FieldLines fields = new FieldLines();
            describe(fields, scheme, host);
            fields.trim();
            told = fields;
            toldHost = host;
            toldScheme = scheme;
            headers.add(fields);
        } else {
            hasTold = true;
            describe(headers, scheme, host);
        }
    }

    private void describe(FieldLines fields, String scheme, @Nullable String host) {
        String address = direct.client().toString();
        fields.add(ForwardedHeaders.X_FORWARDED_FOR, address);
        fields.add(ForwardedHeaders.X_REAL_IP, address);
        fields.add(ForwardedHeaders.X_FORWARDED_PROTO, scheme);
        fields.add(ForwardedHeaders.X_FORWARDED_PORT, port());
        if (host != null) {
            fields.add(ForwardedHeaders.X_FORWARDED_HOST, host);
        }
    }

    /** The port that it connected to, as applications are told it. */
    String port() {
        String made = port;
        if (made == null) {
            made = Integer.toString(local.port());
            port = made;
        }
        return made;
    }
}
