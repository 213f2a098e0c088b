package io.portcullis.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portcullis.server.e2e.kit.ProxyUnderTest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
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

    /**
     * Classes that deal with faults are loaded when there is one. If it breaks: started with its archive of classes, a
     * process that has no descriptor left cannot open their jars, and its event loops end.
     */
    @Test
    void everyJarIsOpenBeforeItIsNeeded() throws Exception {
        try (ProxyUnderTest one = proxy("").start()) {
            Path process = Path.of("/proc", Long.toString(one.pid()));
            List<String> words =
                    List.of(Files.readString(process.resolve("cmdline")).split("\0", -1));
            List<String> jars = Stream.of(words.get(words.indexOf("-cp") + 1).split(":", -1))
                    .filter(file -> file.endsWith(".jar"))
                    .toList();
            assertThat(jars).hasSizeGreaterThan(10);
            Awaitility.await().untilAsserted(() -> assertThat(open(process)).containsAll(jars));
        }
    }

    private static List<String> open(Path process) throws IOException {
        List<String> open = new ArrayList<>();
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path descriptor : descriptors) {
                try {
                    open.add(Files.readSymbolicLink(descriptor).toString());
                } catch (NoSuchFileException closed) {
                    // between the two looks
                }
            }
        }
        return open;
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
