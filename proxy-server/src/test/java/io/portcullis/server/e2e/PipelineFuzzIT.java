package io.portcullis.server.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.server.FuzzSeeds;
import io.portcullis.server.config.ConfigLoader;
import io.portcullis.server.e2e.kit.RequestReader;
import io.portcullis.server.e2e.kit.RequestReader.Habit;
import io.portcullis.server.e2e.kit.RequestReader.Reading;
import io.portcullis.server.observe.LogCapture;
import io.portcullis.server.runtime.ConfigSource;
import io.portcullis.server.runtime.Portcullis;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Any octets from a client through a whole proxy, over real sockets, to an application that reads strictly, and as less
 * strict servers read. If it breaks: a request that the proxy has not judged reaches the application, or one that it has
 * judged is read as another.
 */
final class PipelineFuzzIT {

    /** For the answers to what one client says, in milliseconds; the proxy's own time-outs are below it. */
    private static final int PATIENCE = 9_000;

    private static final Pattern ANSWER = Pattern.compile("\r\nX-App: 1\r\n");

    /** One for all inputs, as a fuzzer has no end to tell of. */
    private static final class Site {
        static final Site SITE = new Site();

        private final StrictApplication application;
        private final int port;
        private final LogCapture log = new LogCapture("io.portcullis");

        private Site() {
            try {
                application = new StrictApplication();
                Path folder = Files.createTempDirectory("fuzz");
                int free;
                try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                    free = socket.getLocalPort();
                }
                port = free;
                Path main = Files.writeString(folder.resolve("portcullis.conf"), """
                        portcullis {
                          listeners { http { bind = "127.0.0.1:%d" } }
                          admin { bind = "127.0.0.1:0", token-file = "admin.token" }
                          bans.store { type = memory }
                          log { access = off }
                          limits { max-head-size = 4096, max-headers = 50, max-body-size = 1024 }
                          timeouts { head = 3s, idle = 3s, response = 3s }
                          default-host = reject
                          threads = 1
                        }
                        """.formatted(port));
                Files.writeString(
                        Files.createDirectory(folder.resolve("hosts.d")).resolve("a.conf"),
                        "server-names = [\"a\"]\nupstream = \"http://127.0.0.1:" + application.port() + "\"\n");
                ConfigSource source = ConfigSource.file(main);
                Portcullis proxy = Portcullis.start(ConfigLoader.load(main).orElseThrow(), source);
                Runtime.getRuntime().addShutdownHook(new Thread(proxy::close));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** @param octets all that a client says */
    public static void fuzzerTestOneInput(byte[] octets) {
        Site site = Site.SITE;
        long before = site.application.served.get();
        String answers;
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), site.port)) {
            client.setSoTimeout(PATIENCE);
            client.getOutputStream().write(octets);
            client.shutdownOutput();
            answers = new String(client.getInputStream().readAllBytes(), ISO_8859_1);
        } catch (SocketException e) {
            answers = null; // reset: what was answered before is lost with it
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String said = new String(octets, ISO_8859_1);
        assertThat(site.application.faults).as("read of: %s", said).isEmpty();
        assertThat(site.log.messages(ch.qos.logback.classic.Level.ERROR))
                .as("told of: %s", said)
                .isEmpty();
        if (answers != null) {
            assertThat(ANSWER.matcher(answers).results().count())
                    .as("answered: %s\nto: %s", answers, said)
                    .isEqualTo(site.application.served.get() - before);
        }
    }

    @TestFactory
    List<DynamicTest> seeds() throws IOException {
        return FuzzSeeds.replay(PipelineFuzzIT.class, PipelineFuzzIT::fuzzerTestOneInput);
    }

    /** Answers each whole request, and remembers whatever is none or can be read otherwise. */
    private static final class StrictApplication {

        private static final byte[] OK =
                "HTTP/1.1 200 OK\r\nX-App: 1\r\nContent-Length: 0\r\n\r\n".getBytes(ISO_8859_1);

        final AtomicLong served = new AtomicLong();
        final List<String> faults = new CopyOnWriteArrayList<>();
        private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

        StrictApplication() throws IOException {
            start(() -> {
                while (true) {
                    Socket connection = socket.accept();
                    start(() -> serve(connection));
                }
            });
        }

        int port() {
            return socket.getLocalPort();
        }

        private void serve(Socket connection) throws IOException {
            try (connection) {
                String unread = "";
                byte[] buffer = new byte[8 * 1024];
                for (int count; (count = connection.getInputStream().read(buffer)) > 0; ) {
                    unread += new String(buffer, 0, count, ISO_8859_1);
                    Reading reading = read(unread);
                    unread = reading.rest();
                    served.addAndGet(reading.requests().size());
                    for (int i = 0; i < reading.requests().size(); i++) {
                        connection.getOutputStream().write(OK);
                    }
                }
            }
        }

        private Reading read(String octets) {
            Reading strict = RequestReader.read(octets);
            if (!strict.fault().isEmpty()) {
                faults.add(strict.fault() + " in " + octets);
            }
            for (Habit habit : Habit.values()) {
                Reading other = RequestReader.read(octets, habit);
                if (!other.requests().toString().equals(strict.requests().toString())) {
                    faults.add(habit + " reads otherwise: " + octets);
                }
            }
            return strict;
        }

        private interface Task {
            void run() throws IOException;
        }

        private static void start(Task task) {
            Thread thread = new Thread(() -> {
                try {
                    task.run();
                } catch (IOException e) {
                    // The proxy has gone, or cut a request off.
                }
            });
            thread.setDaemon(true);
            thread.start();
        }
    }
}
