package io.portcullis.server.store;

import static io.portcullis.server.store.Bans.SECRETS;
import static io.portcullis.server.store.Bans.ban;
import static io.portcullis.server.store.Bans.client;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.core.ban.Ban;
import io.portcullis.core.ban.BanStore;
import io.portcullis.core.config.BansConfig;
import io.portcullis.core.config.Defaults;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that bans is killed with SIGKILL; another one reads what it left. */
class KilledProcessTest {
    private static final int A_SECOND = 1_000;

    /** The promise. */
    private static final long MAX_LOST_MILLIS = 1_000;

    private static BanStore store(Path path) {
        BansConfig config = Defaults.bans().withStore(new BansConfig.Store.InFile(path));
        return BanStores.of(config, config::remember, InstantSource.system(), each -> {});
    }

    /** Bans until it is killed, and says at each hundredth which and when. */
    static final class Victim {
        private Victim() {}

        public static void main(String[] arguments) {
            BanStore store = store(Path.of(arguments[0]));
            store.start(known -> {});
            for (int i = 0; ; i++) {
                store.banned(ban(client(i), SECRETS, System.currentTimeMillis(), 3_600_000));
                if (i % 100 == 0) {
                    System.out.println(i + " " + System.currentTimeMillis());
                }
                LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1) / A_SECOND);
            }
        }
    }

    @Test
    void noBanOlderThanASecondIsLost(@TempDir Path folder) throws Exception {
        Path path = folder.resolve("data/bans");
        Process victim = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Victim.class.getName(),
                        path.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        int lastOldEnough = -1;
        try (BufferedReader said = new BufferedReader(new InputStreamReader(victim.getInputStream(), UTF_8))) {
            String line = Objects.requireNonNull(said.readLine());
            while (!line.startsWith("2500 ")) {
                line = Objects.requireNonNull(said.readLine());
            }
            long diedMillis = System.currentTimeMillis();
            victim.destroyForcibly();
            assertThat(victim.waitFor(10, TimeUnit.SECONDS)).isTrue();
            // What it said until its end tells what was a second old when it died.
            for (String[] words = line.split(" ");
                    words.length == 2 && Long.parseLong(words[1]) < diedMillis - MAX_LOST_MILLIS; ) {
                lastOldEnough = Integer.parseInt(words[0]);
                String next = said.readLine();
                words = next == null ? new String[0] : next.split(" ");
            }
        } finally {
            victim.destroyForcibly();
        }
        int expected = Math.max(lastOldEnough, 1_000);
        Set<Integer> kept = new HashSet<>();
        BanStore store = store(path);
        store.start((Ban known) -> kept.add(known.client().network().ipv4Bits()));
        store.close();
        assertThat(kept).hasSizeGreaterThan(expected);
        for (int i = 0; i <= expected; i++) {
            assertThat(kept.contains(i)).as("ban %s of %s", i, kept.size()).isTrue();
        }
    }
}
