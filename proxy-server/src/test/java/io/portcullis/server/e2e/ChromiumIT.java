package io.portcullis.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.server.e2e.kit.Behaviour;
import io.portcullis.server.e2e.kit.Behaviours;
import io.portcullis.server.e2e.kit.CertificateAuthority;
import io.portcullis.server.e2e.kit.KeyAndCertificate;
import io.portcullis.server.e2e.kit.ProxyUnderTest;
import io.portcullis.server.e2e.kit.RecordingApplication;
import io.portcullis.server.e2e.kit.Tools;
import io.portcullis.server.e2e.kit.WebSocketEcho;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A browser: a page with everything that belongs to it over one HTTP/2 connection, and a WebSocket. */
final class ChromiumIT {

    private static final int SCRIPTS = 200;

    /** Loads all the scripts at once, then a WebSocket's echo, and tells the application what came of it. */
    private static final String PAGE = """
            <!DOCTYPE html><title>page</title><script>
            var loaded = 0, failed = 0;
            function one(number) {
              return new Promise(function (done) {
                var script = document.createElement('script');
                script.onload = function () { loaded++; done(); };
                script.onerror = function () { failed++; done(); };
                script.src = '/script/' + number;
                document.head.appendChild(script);
              });
            }
            function echo() {
              return new Promise(function (done) {
                var socket = new WebSocket('wss://' + location.host + '/echo');
                socket.onopen = function () { socket.send('hello'); };
                socket.onmessage = function (message) { done(message.data); socket.close(); };
                socket.onerror = function () { done('failed'); };
              });
            }
            performance.setResourceTimingBufferSize(1000);
            var all = [];
            for (var i = 0; i < %d; i++) { all.push(one(i)); }
            Promise.all(all).then(echo).then(function (echoed) {
              var over = {};
              var scripts = performance.getEntriesByType('resource').filter(function (entry) {
                return entry.initiatorType === 'script';
              });
              scripts.forEach(function (entry) {
                over[entry.nextHopProtocol] = (over[entry.nextHopProtocol] || 0) + 1;
              });
              fetch('/report', { method: 'POST', body: 'loaded=' + loaded + ' failed=' + failed + ' echoed=' + echoed
                  + ' over=' + JSON.stringify(over) });
            });
            </script>
            """.formatted(SCRIPTS);

    /** If it breaks: visitors. */
    @Test
    void aPageOfManyPartsAndAWebSocketWork(@TempDir Path directory) throws Exception {
        Path chromium = Tools.find("chromium");
        CertificateAuthority authority = CertificateAuthority.create();
        try (RecordingApplication application = RecordingApplication.start("app")
                        .on("/page", html(PAGE))
                        .on("/script/", Behaviours.answer(200, "/* " + "x".repeat(2_000) + " */"))
                        .on("/echo", WebSocketEcho.application());
                ProxyUnderTest proxy = ProxyUnderTest.in(directory)
                        .https()
                        .certificate("a", authority.issue("a.test"))
                        .host(
                                "a",
                                "server-names = [\"a.test\"]\nupstream = \"" + application.url() + "\"\n"
                                        + KeyAndCertificate.settings("a"))
                        .start()) {
            Path log = directory.resolve("chromium.log");
            Process browser = open(chromium, directory, log, "https://a.test:" + proxy.port("https") + "/page");
            try {
                Awaitility.await("the page's report")
                        .atMost(Duration.ofSeconds(90))
                        .until(() -> application.count("/report") > 0 || !browser.isAlive());
                assertThat(application.requests("/report"))
                        .as("reports%n%s", Files.readString(log))
                        .hasSize(1);
                assertThat(application.request("/report").body())
                        .isEqualTo("loaded=" + SCRIPTS + " failed=0 echoed=hello over={\"h2\":" + SCRIPTS + "}");
            } finally {
                browser.descendants().forEach(ProcessHandle::destroy);
                browser.destroy();
                browser.waitFor();
            }
        }
    }

    private static Behaviour html(String page) {
        return Behaviours.raw(
                "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: " + page.length() + "\r\n\r\n" + page);
    }

    private static Process open(Path chromium, Path directory, Path log, String url) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        chromium.toString(),
                        "--headless=new",
                        // Its own sandbox does not work for root, nor in most containers.
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--no-first-run",
                        "--no-proxy-server",
                        "--user-data-dir=" + directory.resolve("profile"),
                        "--host-resolver-rules=MAP a.test 127.0.0.1",
                        "--ignore-certificate-errors",
                        url))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        // One that is ended leaves files behind.
        builder.environment().put("TMPDIR", directory.toString());
        return builder.start();
    }
}
