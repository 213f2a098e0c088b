package io.portcullis.server.listener;

import io.portcullis.core.config.ListenerConfig;
import io.portcullis.core.net.IpAddress;
import io.portcullis.server.exchange.ClientChannel;
import io.portcullis.server.exchange.EmbeddedWorker;
import io.portcullis.server.exchange.TestRules;
import java.util.Optional;

/** Puts the shipped pipeline on a channel, for tests of what its handlers do together. */
public final class ClientPipeline {

    private static final ListenerConfig PLAIN =
            ListenerConfig.plain(TestRules.LISTENER, IpAddress.ofIpv4(0x7F00_0001), 0);

    private static final ListenerConfig TLS = new ListenerConfig(
            TestRules.LISTENER,
            IpAddress.ofIpv4(0x7F00_0001),
            0,
            false,
            false,
            Optional.of(new ListenerConfig.Tls(Optional.empty())));

    private static final ListenerConfig HTTP2 =
            new ListenerConfig(TestRules.LISTENER, IpAddress.ofIpv4(0x7F00_0001), 0, false, true, Optional.empty());

    private ClientPipeline() {}

    /** As a listener does when it accepts. */
    public static void install(ClientChannel channel, EmbeddedWorker worker) {
        install(PLAIN, channel, worker);
    }

    /** As a listener does that expects TLS. */
    public static void installTls(ClientChannel channel, EmbeddedWorker worker) {
        install(TLS, channel, worker);
    }

    /** As a listener does that speaks HTTP/2, too, by its preface. */
    public static void installHttp2(ClientChannel channel, EmbeddedWorker worker) {
        install(HTTP2, channel, worker);
    }

    private static void install(ListenerConfig listener, ClientChannel channel, EmbeddedWorker worker) {
        channel.pipeline().addLast(new ServerPipeline(worker.on(listener), loop -> worker.worker()));
        channel.pipeline().fireChannelActive();
    }
}
