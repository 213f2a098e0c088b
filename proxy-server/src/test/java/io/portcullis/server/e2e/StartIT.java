package io.portcullis.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portcullis.server.e2e.kit.ProxyUnderTest;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the process says as it starts, or why it does not. */
final class StartIT {

    private final Path directory;

    StartIT(@TempDir Path directory) {
        this.directory = directory;
    }

    private ProxyUnderTest.Setup proxy(String main) {
        return ProxyUnderTest.in(directory)
                .main(main)
                .host("a", "server-names = [\"a.test\"]\nupstream = \"http://127.0.0.1:1\"\n");
    }

    private ProxyUnderTest.Setup boundTo(String address, String transport) {
        return proxy("listeners { http { bind = \"" + address + "\" } }\ntransport = " + transport);
    }

    @Test
    void theReadyLineCountsAsPeopleDo() throws Exception {
        try (ProxyUnderTest one = proxy("threads = 1").start()) {
            assertThat(one.ready()).contains(", 1 event loop, 1 virtual host, ");
        }
    }

    /** If it breaks: after a move to another machine people look for a process that is not there. */
    @ParameterizedTest
    @ValueSource(strings = {"io_uring", "epoll", "nio"})
    void anAddressOfAnotherMachineIsNamedAsSuch(String transport) {
        assertThatThrownBy(() -> boundTo("192.0.2.1:8080", transport).start())
                .hasMessageContaining("cannot bind 192.0.2.1:8080")
                .hasMessageContaining("(no interface of this machine has that address)")
                .hasMessageNotContaining("another process");
        assertThatThrownBy(() -> boundTo("[2001:db8::1]:80", transport).start())
                .hasMessageContaining("(no interface of this machine has that address)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"io_uring", "epoll", "nio"})
    void aPortThatIsTakenIsNamedAsSuch(String transport) throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> boundTo("127.0.0.1:" + taken.getLocalPort(), transport)
                            .start())
                    .hasMessageContaining("(is another process listening there?");
        }
    }
}
