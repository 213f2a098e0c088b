package io.portcullis.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.portcullis.core.ban.Allowlist;
import io.portcullis.core.ban.Ban;
import io.portcullis.core.ban.BanEngine;
import io.portcullis.core.ban.BanListener;
import io.portcullis.core.config.Defaults;
import io.portcullis.core.config.ListenerConfig;
import io.portcullis.core.net.CidrSet;
import io.portcullis.core.net.IpAddress;
import io.portcullis.server.exchange.Rules;
import io.portcullis.server.exchange.TestRules;
import io.portcullis.server.listener.ConnectionLimit;
import io.portcullis.server.listener.Listener;
import io.portcullis.server.listener.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which sockets stay, open and close as the configuration changes. */
class ListenersTest {

    private static final IpAddress LOOPBACK = IpAddress.ofIpv4(0x7F00_0001);

    private final Transport transport = Transport.nio();
    private final MultiThreadIoEventLoopGroup eventLoop = new MultiThreadIoEventLoopGroup(1, transport.ioHandlers());
    private final BanEngine bans = new BanEngine(
            Defaults.bans(),
            new Allowlist(CidrSet.EMPTY, CidrSet.EMPTY, CidrSet.EMPTY),
            new BanEngine.Sources(InstantSource.system(), new SplittableRandom(1)),
            new Nobody());
    private final Rules rules = new TestRules(List.of());
    private final Map<String, Integer> ports = new HashMap<>();
    private final List<Listener> retired = new ArrayList<>();
    private final Listeners listeners = new Listeners(
            new Listener.Accepting(
                    eventLoop,
                    transport,
                    loop -> {
                        throw new AssertionError("nobody connects here");
                    },
                    bans,
                    new ConnectionLimit((most, then) -> then.accept(0), System::nanoTime)),
            ports,
            retired::add);

    @AfterEach
    void close() {
        listeners.close();
        eventLoop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private static ListenerConfig plain(String name, int port) {
        return ListenerConfig.plain(name, LOOPBACK, port);
    }

    private void become(ListenerConfig... configs) throws IOException {
        listeners.prepare(List.of(configs), rules).commit(rules);
    }

    private int port(int index) {
        return listeners.open().get(index).address().getPort();
    }

    /** NIO closes a listening socket when its selector comes round again. */
    private static void assertFree(int port) {
        Awaitility.await("port " + port + " is free").untilAsserted(() -> {
            try (ServerSocket socket = new ServerSocket()) {
                socket.setReuseAddress(true);
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            }
        });
    }

    @Test
    void whatBothConfigurationsHaveKeepsItsSocket_orClientsFindThePortClosed() throws IOException {
        become(plain("http", 0), plain("more", 0));
        List<Listener> before = listeners.open();
        int port = port(1);
        become(plain("other", port), plain("http", 0));
        assertThat(listeners.open()).containsExactly(before.get(1), before.get(0));
        assertThat(listeners.open()).extracting(Listener::name).containsExactly("other", "http");
        assertThat(ports).containsOnlyKeys("other", "http").containsEntry("other", port);
        assertThat(retired).isEmpty();
    }

    @Test
    void twoListenersMaySwapTheirNames_orAnOperatorHasToRestartForThat() throws IOException {
        become(plain("a", 0), plain("b", 0));
        List<Listener> before = listeners.open();
        int portOfA = port(0);
        int portOfB = port(1);
        become(plain("a", portOfB), plain("b", portOfA));
        assertThat(listeners.open()).containsExactly(before.get(1), before.get(0));
        assertThat(ports).containsEntry("a", portOfB).containsEntry("b", portOfA);
    }

    @Test
    void oneThatCannotBindLeavesNothingBehind_orAPortStaysTakenThatNobodyServes() throws IOException {
        become(plain("http", 0));
        List<Listener> before = listeners.open();
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            List<ListenerConfig> next = List.of(plain("free", free), plain("taken", taken.getLocalPort()));
            assertThatThrownBy(() -> listeners.prepare(next, rules))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("listener taken cannot bind 127.0.0.1:" + taken.getLocalPort());
        }
        assertFree(free);
        assertThat(listeners.open()).isEqualTo(before);
        assertThat(ports).containsOnlyKeys("http");
        assertThat(retired).isEmpty();
    }

    @Test
    void oneThatIsGoneIsRetired_orItsPortStaysOpen() throws IOException {
        become(plain("http", 0), plain("more", 0));
        Listener more = listeners.open().get(1);
        int port = port(1);
        Listeners.Change change = listeners.prepare(List.of(plain("http", 0)), rules);
        assertThat(change.told().closed()).containsExactly("more=127.0.0.1:" + port);
        assertThat(change.told().kept()).hasSize(1);
        assertThat(retired).as("before the commit").isEmpty();
        change.commit(rules);
        assertThat(retired).containsExactly(more);
        assertThat(ports).containsOnlyKeys("http");
        connect(port);
        listeners.closeGone(more);
        assertFree(port);
    }

    /** What clients have begun to connect to waits in the socket's queue, and would be reset with it. */
    private static void connect(int port) throws IOException {
        new Socket(InetAddress.getLoopbackAddress(), port).close();
    }

    @Test
    void oneThatIsTakenBackBeforeItIsClosedKeepsItsSocket_orAnOperatorCannotUndoASlip() throws IOException {
        become(plain("http", 0), plain("more", 0));
        Listener more = listeners.open().get(1);
        int port = port(1);
        become(plain("http", 0));
        become(plain("http", 0), plain("again", port));
        assertThat(listeners.open()).last().isSameAs(more);
        listeners.closeGone(more);
        connect(port);
        assertThat(ports).containsEntry("again", port);
    }

    @Test
    void theEndOfTheProcessClosesWhatIsLeaving_orAPortOutlivesIt() throws IOException {
        become(plain("http", 0), plain("more", 0));
        int port = port(1);
        become(plain("http", 0));
        listeners.close();
        assertFree(port);
    }

    @Test
    void nothingOpensOnceTheProcessEnds_orAPortOutlivesIt() throws IOException {
        become(plain("http", 0));
        Listeners.Change prepared = listeners.prepare(List.of(plain("http", 0), plain("more", 0)), rules);
        listeners.close();
        assertThatThrownBy(() -> prepared.commit(rules)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> listeners.prepare(List.of(plain("late", 0)), rules))
                .hasMessage("the process is ending");
    }

    private static final class Nobody implements BanListener {
        @Override
        public void banned(Ban ban) {}

        @Override
        public void unbanned(Ban ban) {}
    }
}
