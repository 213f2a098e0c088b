package io.portcullis.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.core.config.BansConfig.Store.Memory;
import io.portcullis.core.config.PortcullisConfig;
import io.portcullis.server.config.ConfigLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a reload says that it has changed, and what it leaves as it is. */
class ConfigChangesTest {

    private static final String HOST = "server-names = [\"%s.test\"]\nupstream = \"http://127.0.0.1:8080\"\n";

    private final Path directory;
    private final PortcullisConfig before;

    ConfigChangesTest(@TempDir Path directory) throws IOException {
        this.directory = directory;
        Files.createDirectories(directory.resolve("hosts.d"));
        host("a", "jails { scan { paths = [\"regex:^/x+$\", \"/y*\"], max-retry = 1 } }\n");
        host("b", "");
        before = config("threads = 2, bans.store.type = memory, allowlist = [\"192.0.2.0/25\", \"192.0.2.128/25\"]");
    }

    private void host(String name, String more) throws IOException {
        Files.writeString(directory.resolve("hosts.d/" + name + ".conf"), HOST.formatted(name) + more);
    }

    private PortcullisConfig config(String main) throws IOException {
        Path file = directory.resolve("portcullis.conf");
        Files.writeString(file, "portcullis {\nlisteners { http { bind = \"127.0.0.1:0\" } }\n" + main + "\n}\n");
        return ConfigLoader.load(file).orElseThrow();
    }

    @Test
    void theSameReadAgainIsNoChange_orEachReloadSaysThatEverythingHasChanged() throws IOException {
        PortcullisConfig same = config("bans.store.type = memory, threads = 2, allowlist = [\"192.0.2.0/24\"]");
        assertThat(ConfigChanges.settings(before, same)).isEmpty();
        assertThat(ConfigChanges.hosts(before, same).changed()).isEmpty();
        assertThat(ApplicableConfig.of(before, same).needsRestart()).isEmpty();
    }

    @Test
    void aRenamedFileIsAnotherHost_orBansOfOneWouldBeTakenForThoseOfTheOther() throws IOException {
        Files.move(directory.resolve("hosts.d/b.conf"), directory.resolve("hosts.d/c.conf"));
        host("a", "");
        PortcullisConfig after = config("");
        assertThat(ConfigChanges.hosts(before, after).added()).containsExactly("c");
        assertThat(ConfigChanges.hosts(before, after).changed()).containsExactly("a");
        assertThat(ConfigChanges.hosts(before, after).removed()).containsExactly("b");
    }

    @Test
    void whatCannotChangeIsToldAndGoesOn_orTheProcessSaysOneThingAndDoesAnother() throws IOException {
        PortcullisConfig wanted = config("""
                threads = 3, transport = nio, log { access = "x.log" }, admin { bind = off }
                bans { tracked-clients = 7, max-bans = 8, ipv6-prefix = 56, widen-after = 9, remember = 3d
                       store { type = file, path = x } }
                timeouts { drain = 3s }
                """);
        ApplicableConfig applicable = ApplicableConfig.of(before, wanted);
        assertThat(applicable.needsRestart())
                .containsExactly(
                        "threads",
                        "transport",
                        "bans.tracked-clients",
                        "bans.max-bans",
                        "bans.ipv6-prefix",
                        "bans.store",
                        "admin.bind");
        PortcullisConfig config = applicable.config();
        assertThat(config.threads()).isEqualTo(2);
        assertThat(config.transport()).isEqualTo(before.transport());
        assertThat(config.admin()).isEqualTo(before.admin());
        assertThat(config.bans().bounds()).isEqualTo(before.bans().bounds());
        assertThat(config.bans().store()).isEqualTo(Memory.MEMORY);
        assertThat(config.bans().prefixes().ipv6Prefix()).isEqualTo(64);
        assertThat(config.bans().prefixes().widenAfter()).isEqualTo(9);
        assertThat(config.bans().remember()).hasDays(3);
        assertThat(ConfigChanges.settings(before, config)).containsExactly("allowlist", "bans", "log", "timeouts");
    }
}
