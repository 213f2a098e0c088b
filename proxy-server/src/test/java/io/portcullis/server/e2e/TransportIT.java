package io.portcullis.server.e2e;

import static io.portcullis.server.e2e.kit.Wire.head;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.portcullis.server.e2e.kit.ProxyUnderTest;
import io.portcullis.server.e2e.kit.RawClient;
import io.portcullis.server.e2e.kit.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the process runs on where the system does not let it have all it asks for. */
@Timeout(60)
final class TransportIT {

    /** seccomp(2) on io_uring_setup, whose number is 425 everywhere, as a container's profile does it: with an errno. */
    private static final String FORBIDDING = """
            import ctypes, os, struct, sys
            class Program(ctypes.Structure):
                _fields_ = [('length', ctypes.c_ushort), ('filter', ctypes.c_char_p)]
            def instruction(code, to, otherwise, operand):
                return struct.pack('=HBBI', code, to, otherwise, operand)
            errno = int(sys.argv[1])
            program = (instruction(0x20, 0, 0, 0) + instruction(0x15, 0, 1, 425)
                + instruction(0x06, 0, 0, 0x50000 | errno) + instruction(0x06, 0, 0, 0x7fff0000))
            prctl = ctypes.CDLL(None, use_errno=True).prctl
            assert prctl(38, 1, 0, 0, 0) == 0
            assert prctl(22, 2, ctypes.byref(Program(4, program)), 0, 0) == 0, os.strerror(ctypes.get_errno())
            os.execv(sys.argv[2], sys.argv[2:])
            """;

    private final Path directory;

    TransportIT(@TempDir Path directory) {
        this.directory = directory;
    }

    private ProxyUnderTest.Setup proxy(String transport) {
        return ProxyUnderTest.in(directory)
                .main("threads = 1\ntransport = " + transport)
                .host("a", "server-names = [\"a.test\"]\nroutes = [ { path = \"/\", status = 204 } ]\n");
    }

    private ProxyUnderTest.Setup forbidden(String transport, int errno) {
        String python = Tools.find("python3").toString();
        return proxy(transport).by(python, "-c", FORBIDDING, Integer.toString(errno));
    }

    private static void assertServes(ProxyUnderTest proxy) throws IOException {
        try (RawClient client = RawClient.connect("127.0.0.1", proxy.port())) {
            client.send(head("GET / HTTP/1.1", "Host: a.test"));
            assertThat(client.readHead().startLine()).startsWith("HTTP/1.1 204 ");
        }
    }

    /**
     * EPERM of Docker and of {@code kernel.io_uring_disabled}, ENOSYS of old kernels and other sandboxes.
     *
     * <p>If it breaks: Portcullis does not start in most containers.
     */
    @ParameterizedTest
    @ValueSource(ints = {1, 38})
    void whereIoUringIsForbiddenItServesOnEpollAndSaysWhyOnce(int errno) throws Exception {
        try (ProxyUnderTest proxy = forbidden("auto", errno).start()) {
            assertThat(proxy.ready()).contains("(epoll, ");
            assertServes(proxy);
            assertThat(proxy.log().stream().filter(line -> line.contains("io_uring")))
                    .singleElement()
                    .asString()
                    .contains("INFO", "the transport is epoll, since io_uring does not work here: ");
        }
    }

    @Test
    void askedForByNameItIsAnErrorThatSaysWhatToDo() {
        assertThatThrownBy(() -> forbidden("io_uring", 1).start())
                .hasMessageContaining("transport: io_uring does not work here: ")
                .hasMessageContaining("expected: auto")
                .hasMessageNotContaining("\tat ");
    }

    /** If it breaks: who opens connections until no descriptor is left has ended the service for good. */
    @ParameterizedTest
    @ValueSource(strings = {"epoll", "auto"})
    void withoutADescriptorLeftItWaitsAndServesAgainWhenThereIsOne(String transport) throws Exception {
        String limited = Tools.find("prlimit").toString();
        ProxyUnderTest proxy = proxy(transport).by(limited, "--nofile=300:300").start();
        List<RawClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 400; i++) {
                clients.add(RawClient.connect("127.0.0.1", proxy.port()));
            }
            Awaitility.await().until(() -> descriptors(proxy) == 300);
            Duration before = proxy.processorTime();
            LockSupport.parkNanos(2_000_000_000); // nothing comes about that could be waited for: that is the point
            assertThat(proxy.processorTime().minus(before)).isLessThan(Duration.ofMillis(500));
            assertThat(proxy.log())
                    .filteredOn(line -> line.contains("listener http cannot accept"))
                    .as("what is the matter, and what to do, once in ten seconds")
                    .singleElement(STRING)
                    .contains("Too many open files", "portcullis doctor");
            proxy.assertClean();
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
        assertServes(proxy);
        proxy.terminate();
        assertThat(proxy.awaitExit(Duration.ofSeconds(20))).isZero();
    }

    private static long descriptors(ProxyUnderTest proxy) throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc", Long.toString(proxy.pid()), "fd"))) {
            return open.count();
        }
    }

    /** If it breaks: each connection leaves something behind, and the process ends one day. */
    @ParameterizedTest
    @ValueSource(strings = {"epoll", "auto"})
    void connectionsLeaveNoDescriptorBehind(String transport) throws Exception {
        try (ProxyUnderTest proxy = proxy(transport).start()) {
            assertServes(proxy);
            long before = descriptors(proxy);
            for (int i = 0; i < 500; i++) {
                try (RawClient client = RawClient.connect("127.0.0.1", proxy.port())) {
                    client.send(head("GET / HTTP/1.1", "Host: a.test"));
                    if (i % 2 == 0) {
                        client.resetNow();
                    } else {
                        client.readHead();
                    }
                }
            }
            Awaitility.await()
                    .untilAsserted(() -> assertThat(descriptors(proxy)).isLessThanOrEqualTo(before));
        }
    }
}
