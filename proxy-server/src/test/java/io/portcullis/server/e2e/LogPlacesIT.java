package io.portcullis.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import io.portcullis.server.e2e.kit.Behaviours;
import io.portcullis.server.e2e.kit.Jails;
import io.portcullis.server.e2e.kit.Loopback;
import io.portcullis.server.e2e.kit.ProxyUnderTest;
import io.portcullis.server.e2e.kit.RawClient;
import io.portcullis.server.e2e.kit.RecordingApplication;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the logs go: streams, as in a container, and a file for bans. */
final class LogPlacesIT {

    private final String attacker = Loopback.newClient();
    private Path directory;
    private RecordingApplication application;

    @BeforeEach
    void start(@TempDir Path directory) throws IOException {
        this.directory = directory;
        application = RecordingApplication.start("app").on("/denied", Behaviours.answer(403, "denied"));
    }

    @AfterEach
    void stop() throws IOException {
        application.close();
    }

    private ProxyUnderTest.Setup proxy(String log) {
        return ProxyUnderTest.in(directory)
                .main("log { " + log + " }")
                .host("a", "a.test", application, Jails.FORBIDDEN);
    }

    private void earnABan(ProxyUnderTest proxy) throws IOException {
        try (RawClient client = RawClient.connect(attacker, proxy.port())) {
            for (int i = 0; i < Jails.MAX_RETRY; i++) {
                assertThat(client.get("a.test", "/denied").status()).isEqualTo(403);
            }
        }
    }

    private static Config json(String line) {
        return ConfigFactory.parseString(line, ConfigParseOptions.defaults().setSyntax(ConfigSyntax.JSON));
    }

    /** If it breaks: a container's log collector misses exchanges or bans, or cannot read them. */
    @Test
    void onStdoutBothLogsAreLinesOfJsonAfterTheReadyLine() throws Exception {
        try (ProxyUnderTest proxy = proxy("access = stdout, format = json, bans = stdout, bans-format = json")
                .start()) {
            earnABan(proxy);
            Awaitility.await().until(() -> proxy.output().size() >= 2 + Jails.MAX_RETRY);
            assertThat(proxy.output()).first().asString().startsWith("ready ");
            List<Config> lines =
                    proxy.output().stream().skip(1).map(LogPlacesIT::json).toList();
            assertThat(lines).filteredOn(line -> line.hasPath("status")).hasSize(Jails.MAX_RETRY);
            assertThat(lines)
                    .filteredOn(line -> line.hasPath("event"))
                    .singleElement()
                    .satisfies(ban -> {
                        assertThat(ban.getString("event")).isEqualTo("banned");
                        assertThat(ban.getString("client")).isEqualTo(attacker);
                        assertThat(ban.getConfigList("offences")).hasSize(Jails.MAX_RETRY);
                    });
            assertThat(proxy.log()).as("told twice").noneMatch(line -> line.contains("banned"));
        }
    }

    /** A pipe that is full would otherwise hold every exchange, and in the end the container's stop. */
    @Test
    @Tag("long")
    void aStdoutThatNobodyReadsHoldsNeitherExchangesNorTheEnd() throws Exception {
        try (ProxyUnderTest proxy = proxy("access = stdout").unreadOutput().start()) {
            try (RawClient client = RawClient.connect(Loopback.newClient(), proxy.port())) {
                String target = "/" + "x".repeat(4_000);
                for (int i = 0; i < 300; i++) {
                    assertThat(client.get("a.test", target).status()).isEqualTo(200);
                }
            }
            proxy.terminate();
            assertThat(proxy.awaitExit(Duration.ofSeconds(15))).isZero();
            assertThat(proxy.log()).anyMatch(line -> line.contains("ends with nobody taking its lines"));
        }
    }

    @Test
    void bansInAFileOfTheirOwnAreToldThereAlone_andTheFileFollowsASignal() throws Exception {
        Path bans = directory.resolve("data/bans.log");
        try (ProxyUnderTest proxy = proxy("bans = \"../data/bans.log\"").start()) {
            Awaitility.await("made before the first ban").until(() -> Files.exists(bans));
            earnABan(proxy);
            Awaitility.await().until(() -> Files.size(bans) > 0);
            assertThat(Files.readString(bans))
                    .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z banned " + attacker
                            + " on host a until .* by jail httpd-forbidden: 5 offences in .*, last GET /denied"
                            + " -> 403\\n");
            assertThat(proxy.log()).noneMatch(line -> line.contains("banned " + attacker));

            Files.move(bans, directory.resolve("data/bans.log.1"));
            proxy.reopenLogs();
            Awaitility.await("the new file").until(() -> Files.exists(bans));
            assertThat(bans).isEmptyFile();
            assertThat(proxy.log()).anyMatch(line -> line.contains("SIGUSR1"));
        }
    }
}
