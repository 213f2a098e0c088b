package io.portcullis.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.server.e2e.kit.Behaviours;
import io.portcullis.server.e2e.kit.Http2Client;
import io.portcullis.server.e2e.kit.Http2Client.Frame;
import io.portcullis.server.e2e.kit.Loopback;
import io.portcullis.server.e2e.kit.ProxyUnderTest;
import io.portcullis.server.e2e.kit.RawClient;
import io.portcullis.server.e2e.kit.RecordingApplication;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What is done to HTTP/2 servers, done to the real process, in a heap that would not survive it: each attack ends its
 * connection early and its client banned, and everybody else is served.
 */
final class Http2AbuseIT {

    /** ENHANCE_YOUR_CALM and PROTOCOL_ERROR; NO_ERROR where the ban was faster, as with faults of single streams. */
    private static final Set<Integer> ENDS = Set.of(11, 1, 0);

    /** Frames that an attack would send; whoever is let on sends them all. */
    private static final int FLOOD = 20_000;

    private static RecordingApplication application;
    private static ProxyUnderTest proxy;

    private final String attacker = Loopback.newClient();

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        application = RecordingApplication.start("app")
                .on("/hang", Behaviours.hang())
                .on("/big", Behaviours.answer(200, "x".repeat(200_000)));
        proxy = ProxyUnderTest.in(directory)
                .main("""
                        listeners { http { bind = "127.0.0.1:0", http2 = true } }
                        allowlist = []
                        jails { abuse { on = protocol-error, max-retry = 1, find-time = 1m, ban-time = 1h, scope = all } }
                        timeouts { idle = 2s }
                        """)
                .host("a", "a.test", application, "slow { on = timeout, max-retry = 1, ban-time = 1h }")
                .jvm("-Xmx96m")
                .start();
    }

    @AfterAll
    static void stop() throws IOException {
        proxy.close();
        application.close();
    }

    enum Attack {
        RAPID_RESET {
            @Override
            void add(Http2Client client) {
                client.reset(client.get("a.test", "/hang"));
            }
        },
        /** CVE-2025-8671: the server is made to reset. */
        MADE_YOU_RESET {
            @Override
            void add(Http2Client client) {
                client.windowUpdate(client.get("a.test", "/hang"), 0);
            }
        },
        SETTINGS_FLOOD {
            @Override
            void add(Http2Client client) {
                client.frame(Http2Client.SETTINGS, 0, 0, new byte[0]);
            }
        },
        PING_FLOOD {
            @Override
            void add(Http2Client client) {
                client.frame(Http2Client.PING, 0, 0, new byte[8]);
            }
        },
        PRIORITY_FLOOD {
            @Override
            void add(Http2Client client) {
                client.frame(Http2Client.PRIORITY, 0, client.newStream(), new byte[5]);
            }
        },
        WINDOW_UPDATE_FLOOD {
            @Override
            void add(Http2Client client) {
                client.windowUpdate(0, 1);
            }
        },
        UNKNOWN_FRAME_FLOOD {
            @Override
            void add(Http2Client client) {
                client.frame(0x42, 0, 0, new byte[0]);
            }
        },
        EMPTY_DATA_FLOOD {
            @Override
            void begin(Http2Client client) {
                client.post("a.test", "/up");
            }

            @Override
            void add(Http2Client client) {
                client.data(1, "", false);
            }
        },
        /** CVE-2024-27316. */
        CONTINUATION_FLOOD {
            @Override
            void begin(Http2Client client) {
                client.frame(Http2Client.HEADERS, 0, 1, Http2Client.head("GET", "a.test", "/"));
            }

            @Override
            void add(Http2Client client) {
                client.frame(Http2Client.CONTINUATION, 0, 1, Http2Client.section("x", "y"));
            }
        },
        EMPTY_CONTINUATION_FLOOD {
            @Override
            void begin(Http2Client client) {
                client.frame(Http2Client.HEADERS, 0, 1, Http2Client.head("GET", "a.test", "/"));
            }

            @Override
            void add(Http2Client client) {
                client.frame(Http2Client.CONTINUATION, 0, 1, new byte[0]);
            }
        };

        void begin(Http2Client client) {}

        abstract void add(Http2Client client);
    }

    @ParameterizedTest
    @EnumSource
    void aFloodEndsItsConnectionEarlyAndItsClientBanned(Attack attack) throws IOException {
        try (Http2Client client = Http2Client.connect(attacker, proxy.port())) {
            attack.begin(client);
            boolean sent = client.send();
            for (int i = 0; sent && i < FLOOD; i += 100) {
                for (int k = 0; k < 100; k++) {
                    attack.add(client);
                }
                sent = client.send();
            }
            List<Frame> frames = client.readToEnd();
            assertThat(frames)
                    .filteredOn(frame -> frame.type() == Http2Client.GOAWAY)
                    .allMatch(frame -> ENDS.contains(frame.error()));
        }
        assertThatAttackerIsBannedAndOthersAreServed();
    }

    /** One field of 3 KiB, kept in the table and referred to by one octet each: 64 KiB would decode to 190 MiB. */
    @Test
    void anHpackBombIsAnsweredWithoutBeingBlownUp() throws IOException {
        try (Http2Client client = Http2Client.connect(attacker, proxy.port())) {
            byte[] literal = Http2Client.section("x", "v".repeat(3_000));
            literal[0] = 0x40; // with incremental indexing: index 62 from now on
            client.frame(
                    Http2Client.HEADERS,
                    Http2Client.END_STREAM | Http2Client.END_HEADERS,
                    client.newStream(),
                    concat(Http2Client.head("GET", "a.test", "/"), literal));
            for (int i = 0; i < 50; i++) {
                byte[] references = new byte[16_000];
                Arrays.fill(references, (byte) (0x80 | 62));
                client.frame(
                        Http2Client.HEADERS,
                        Http2Client.END_STREAM | Http2Client.END_HEADERS,
                        client.newStream(),
                        references);
            }
            client.send();
            client.readToEnd();
        }
        assertThatAttackerIsBannedAndOthersAreServed();
    }

    /** Without a window for the whole connection, 128 answers would wait here for ever. */
    @Test
    void aClientThatNeverOpensItsWindowsIsLeftAfterTheIdleTimeAndThatCounts() throws IOException {
        try (Http2Client client = Http2Client.withWindow(attacker, proxy.port(), 0)) {
            for (int i = 0; i < 128; i++) {
                client.get("a.test", "/big");
            }
            client.send();
            client.readToEnd();
        }
        assertThatAttackerIsBannedAndOthersAreServed();
    }

    /** Visitors stop downloads and leave pages; an offence for each would ban them in the end. */
    @Test
    void whoCancelsADownloadBreaksNoRule() throws IOException {
        try (Http2Client visitor = Http2Client.withWindow(attacker, proxy.port(), 10)) {
            int download = visitor.get("a.test", "/big");
            visitor.send();
            visitor.readUntil(frame -> frame.type() == Http2Client.DATA);
            visitor.reset(download);
            int next = visitor.get("a.test", "/x");
            visitor.send();
            assertThat(visitor.status(next)).isEqualTo(200);
        }
    }

    private void assertThatAttackerIsBannedAndOthersAreServed() throws IOException {
        try (Http2Client other = Http2Client.connect(Loopback.newClient(), proxy.port())) {
            int stream = other.get("a.test", "/x");
            other.send();
            assertThat(other.status(stream)).isEqualTo(200);
        }
        Awaitility.await("the ban of " + attacker).until(() -> {
            try (RawClient again = RawClient.connect(attacker, proxy.port())) {
                return again.ending(Duration.ofMillis(300)).isOver();
            } catch (SocketException reset) {
                return true;
            }
        });
    }

    private static byte[] concat(byte[] one, byte[] other) {
        byte[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }
}
