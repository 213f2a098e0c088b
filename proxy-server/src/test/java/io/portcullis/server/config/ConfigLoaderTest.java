package io.portcullis.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.portcullis.core.config.BansConfig;
import io.portcullis.core.config.ConfigProblem;
import io.portcullis.core.config.Defaults;
import io.portcullis.core.config.LimitsConfig;
import io.portcullis.core.config.LogConfig;
import io.portcullis.core.config.PortcullisConfig;
import io.portcullis.core.config.TimeoutsConfig;
import io.portcullis.core.config.VirtualHostConfig;
import io.portcullis.core.net.IpAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfigLoaderTest {

    private static final String LISTENERS = "portcullis.listeners.http.bind = \"127.0.0.1:0\"\n";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @BeforeEach
    void oneVirtualHost() throws IOException {
        write("hosts.d/a.conf", "server-names = [\"a.example\"]\nupstream = \"http://127.0.0.1:8080\"\n");
    }

    /** If it breaks: each start waits for the TLS library, or one without TLS loads it for nothing. */
    @Test
    void isToldOfTlsWhereAListenerHasIt() throws IOException {
        String encrypted = "portcullis.listeners.https { bind = \"127.0.0.1:1\", tls = %s }\n";

        assertThat(timesToldOfTls(LISTENERS)).isZero();
        assertThat(timesToldOfTls(LISTENERS + String.format(encrypted, "false")))
                .isZero();
        assertThat(timesToldOfTls(LISTENERS + String.format(encrypted, "true"))).isOne();
        assertThat(timesToldOfTls(LISTENERS + String.format(encrypted, "{}"))).isOne();
    }

    private int timesToldOfTls(String text) throws IOException {
        AtomicInteger told = new AtomicInteger();
        CertificateReader certificates = new CertificateReader(
                InstantSource.system(), CertificateReader.Expired.A_WARNING, told::incrementAndGet);
        ConfigLoader.load(main(text), new Findings(), certificates);
        return told.get();
    }

    @Test
    void whatIsLeftOutHasTheDefaultThatIsNamedOnce() throws IOException {
        PortcullisConfig config = ConfigLoader.load(main(LISTENERS)).orElseThrow();

        assertThat(config.clientAddressHeader()).isEqualTo(Defaults.CLIENT_ADDRESS_HEADER);
        assertThat(config.defaultHost()).isEqualTo(Defaults.DEFAULT_HOST);
        assertThat(config.bans().store())
                .as("beside the folder of the main file, whatever the working directory")
                .isEqualTo(new BansConfig.Store.InFile(folder.resolve(Defaults.STORE_PATH)));
        assertThat(config.bans())
                .isEqualTo(Defaults.bans().withStore(config.bans().store()));
        assertThat(config.log()).isEqualTo(Defaults.log());
        assertThat(config.limits())
                .isEqualTo(new LimitsConfig(
                        Defaults.MAX_HEAD_SIZE,
                        Defaults.MAX_HEADERS,
                        Defaults.MAX_BODY_SIZE,
                        Defaults.MAX_CONNECTIONS,
                        Defaults.MAX_CONNECTIONS_PER_CLIENT));
        assertThat(config.timeouts())
                .isEqualTo(new TimeoutsConfig(
                        Defaults.HEAD_TIMEOUT,
                        Defaults.IDLE_TIMEOUT,
                        Defaults.CONNECT_TIMEOUT,
                        Defaults.RESPONSE_TIMEOUT,
                        Defaults.TUNNEL_TIMEOUT,
                        Defaults.DRAIN_TIMEOUT));
        assertThat(config.transport()).isEqualTo(Defaults.TRANSPORT);
        assertThat(config.trustedProxies().isEmpty()).isTrue();
        assertThat(config.denylist().size()).isZero();
        assertThat(config.jails()).isEmpty();
        for (String address : Defaults.ALLOWLIST) {
            assertThat(config.allowlist().contains(Objects.requireNonNull(IpAddress.parse(address))))
                    .as(address)
                    .isTrue();
        }
    }

    @Test
    void noThreadsGivenMeansOneACore() throws IOException {
        assertThat(ConfigLoader.load(main(LISTENERS + "portcullis.threads = 0"))
                        .orElseThrow()
                        .threads())
                .isEqualTo(Runtime.getRuntime().availableProcessors());
    }

    @Test
    void aPathIsRelativeToTheIncludedFileThatNamesIt() throws IOException {
        write("shared/log.conf", "portcullis.log.access = \"access.log\"");
        Path main = main("include \"shared/log.conf\"\n" + LISTENERS);

        assertThat(ConfigLoader.load(main).orElseThrow().log().access())
                .contains(new LogConfig.InFile(folder.resolve("shared").resolve("access.log")));
    }

    @Test
    void substitutionsTakeKeysOfTheFile() throws IOException {
        Path main = main(LISTENERS + """
                portcullis.timeouts { head = 7s, connect = ${portcullis.timeouts.head} }
                """);

        TimeoutsConfig timeouts = ConfigLoader.load(main).orElseThrow().timeouts();

        assertThat(timeouts.connect()).hasSeconds(7);
    }

    @Test
    void aBadValueFromTheEnvironmentIsToldAtTheLineThatAsksForIt() throws IOException {
        Path main = main(LISTENERS + """
                portcullis.limits {
                  max-headers = ${PATH}
                  max-connections = "x"${PATH}
                }
                """);

        assertThat(problems(main))
                .extracting(ConfigProblem::line, ConfigProblem::path)
                .containsExactly(
                        tuple(3, "portcullis.limits.max-headers"), tuple(4, "portcullis.limits.max-connections"));
    }

    @Test
    void aMainFileNamedWithoutFolderIsToldAsItWasNamed() throws IOException {
        // Not HOCON, but the one file whose name needs no folder: the working directory is the module.
        ConfigProblem problem = problems(Path.of("pom.xml")).get(0);

        assertThat(problem.file()).isEqualTo("pom.xml");
        assertThat(problem.line()).isPositive();
    }

    @Test
    void aFileOfBracketsIsAProblemAndNoStackOverflow() throws IOException {
        assertThat(problems(main("a = " + "[".repeat(200_000))))
                .extracting(ConfigProblem::message)
                .containsExactly("is nested too deeply");
    }

    @Test
    void aPathWithNulIsAProblemAndNoException() throws IOException {
        Path main = main(LISTENERS + """
                portcullis { log.access = "a\\u0000b", denylist = ["file:a\\u0000b"], virtual-hosts-dir = "a\\u0000b" }
                """);

        assertThat(problems(main)).hasSize(3);
    }

    @Test
    void whoeverHasNoUseForProblemsGetsThemAllInOneException() throws IOException {
        Path main = main(LISTENERS + "portcullis { threads = -1, transport = x }");

        assertThatThrownBy(() -> ConfigLoader.load(main).orElseThrow())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("portcullis.conf:2: portcullis.threads: ")
                .hasMessageContaining("portcullis.conf:2: portcullis.transport: ");
    }

    @Test
    void hundredsOfVirtualHostsAreInTheOrderOfTheirNames() throws IOException {
        for (int i = 0; i < 300; i++) {
            write(
                    "hosts.d/h" + i + ".conf",
                    "server-names = [\"h" + i + ".example\"]\nupstream = \"http://127.0.0.1:1\"");
        }
        assertThat(ConfigLoader.load(main(LISTENERS)).orElseThrow().virtualHosts())
                .hasSize(301)
                .isSortedAccordingTo(Comparator.comparing(VirtualHostConfig::name));
    }

    private static List<ConfigProblem> problems(Path main) {
        LoadResult result = ConfigLoader.load(main);
        assertThat(result).isInstanceOf(LoadResult.Refused.class);
        return ((LoadResult.Refused) result).problems();
    }

    private Path main(String text) throws IOException {
        return write("portcullis.conf", text);
    }

    private Path write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        return Files.writeString(file, text);
    }
}
