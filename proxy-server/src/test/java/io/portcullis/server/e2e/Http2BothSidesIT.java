package io.portcullis.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.server.e2e.kit.Http2Application;
import io.portcullis.server.e2e.kit.Http2Visit;
import io.portcullis.server.e2e.kit.ProxyUnderTest;
import io.portcullis.server.e2e.kit.ToolRun;
import io.portcullis.server.e2e.kit.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.io.TempDir;

/** Large bodies where both the client and the application speak HTTP/2: two windows, one behind the other. */
final class Http2BothSidesIT {

    private static final int SIZE = 8_000_000;
    private static final String PIECE = "x".repeat(16_000);
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static Http2Application application;
    private static ProxyUnderTest proxy;

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        application = Http2Application.start()
                .on("/up", visit -> visit.body().thenAccept(body -> visit.answer(200, "" + body.length())))
                .on("/down", visit -> {
                    visit.head(200, false);
                    send(visit, SIZE);
                });
        proxy = ProxyUnderTest.in(directory)
                .main("listeners { http { bind = \"127.0.0.1:0\", http2 = true } }")
                .host("a", "server-names = [\"a.test\"]\nupstream = \"" + application.url() + "\"\n")
                .start();
    }

    @AfterAll
    static void stop() throws IOException {
        proxy.close();
        application.close();
    }

    @AfterEach
    void processIsClean() {
        proxy.assertClean();
    }

    /** As fast as the proxy takes it, and no faster. */
    private static void send(Http2Visit visit, int left) {
        int rest = left;
        while (rest > 0 && visit.channel().isWritable()) {
            rest -= PIECE.length();
            visit.data(PIECE, rest == 0);
        }
        int still = rest;
        if (still > 0) {
            visit.eventLoop().schedule(() -> send(visit, still), 1, TimeUnit.MILLISECONDS);
        }
    }

    /** If it breaks: the window that the client waits for is never given back, and an upload stands still for ever. */
    @RepeatedTest(4)
    void anUploadOfManyWindowsArrives(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("upload"), "x".repeat(SIZE));
        assertThat(curl("/up", "--data-binary", "@" + file)).isEqualTo("" + SIZE);
    }

    /** If it breaks: the same, for a download. */
    @RepeatedTest(2)
    void aDownloadOfManyWindowsArrives() throws IOException {
        assertThat(curl("/down", "--output", "/dev/null", "--write-out", "%{size_download}"))
                .isEqualTo("" + SIZE);
    }

    private static String curl(String path, String... options) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Tools.find("curl").toString(), "--silent", "--show-error", "--http2-prior-knowledge"));
        command.addAll(List.of("--header", "Host: a.test", "http://127.0.0.1:" + proxy.port() + path));
        command.addAll(List.of(options));
        return ToolRun.of(LIMIT, command).output();
    }
}
