package io.portcullis.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.core.ban.Allowlist;
import io.portcullis.core.ban.Ban;
import io.portcullis.core.ban.BanEngine;
import io.portcullis.core.ban.BanListener;
import io.portcullis.core.ban.Verdict;
import io.portcullis.core.config.Defaults;
import io.portcullis.core.config.PortcullisConfig;
import io.portcullis.core.net.CidrSet;
import io.portcullis.core.net.IpAddress;
import io.portcullis.server.config.ConfigLoader;
import io.portcullis.server.config.LoadResult;
import io.portcullis.server.observe.metrics.Meters;
import io.portcullis.server.tls.Certificates;
import io.portcullis.server.upstream.Destinations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is in force after a reload is what that reload has published. */
class SnapshotsTest {

    private static final IpAddress ATTACKER = IpAddress.ofIpv4(0xC000_0201);

    private final CountDownLatch isReading = new CountDownLatch(1);
    private final CountDownLatch readOn = new CountDownLatch(1);
    private final BanEngine bans = new BanEngine(
            Defaults.bans(),
            Allowlist.NOBODY,
            new BanEngine.Sources(InstantSource.system(), new SplittableRandom(1)),
            new Nobody());
    private final Meters meters = new Meters(1, 10, System::nanoTime);
    private final Snapshots snapshots = new Snapshots(
            bans,
            new Snapshot.Sources(
                    new Destinations(meters.endpoints()),
                    new TlsListeners.Sources(new Certificates(InstantSource.system()), Map.of()),
                    meters),
            InstantSource.system(),
            this::hostAddresses);
    private final Thread refresh = new Thread(snapshots::refreshAccessLists, "refresh");

    private CidrSet hostAddresses() {
        if (Thread.currentThread() == refresh) {
            isReading.countDown();
            try {
                readOn.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
        return CidrSet.EMPTY;
    }

    private static PortcullisConfig config(Path folder, String denylist) throws IOException {
        Files.writeString(
                Files.createDirectories(folder.resolve("hosts.d")).resolve("shop.conf"),
                "server-names = [\"shop.test\"]\nupstream = \"http://127.0.0.1:1\"\n");
        Path file = Files.writeString(
                folder.resolve("portcullis.conf"),
                "portcullis { listeners { http { bind = \"127.0.0.1:0\" } }, denylist = [" + denylist + "] }");
        if (ConfigLoader.load(file) instanceof LoadResult.Loaded loaded) {
            return loaded.config();
        }
        throw new AssertionError(ConfigLoader.load(file));
    }

    private boolean isRefused() {
        return bans.verdictAtAccept(ATTACKER, bans.keyOf(ATTACKER), Set.of("shop")) instanceof Verdict.Refuse;
    }

    /** If it breaks: an address that was put on the denylist goes on attacking for half a minute, whatever reload says. */
    @Test
    void aLookAtTheHostsAddressesThatBeganBeforeAReloadUndoesNothingOfIt(@TempDir Path folder) throws Exception {
        snapshots.publish(snapshots.build(config(folder, "")));
        Snapshot next = snapshots.build(config(folder, "\"" + ATTACKER + "\""));
        Thread reload = new Thread(() -> snapshots.publish(next), "reload");
        refresh.start();
        isReading.await();
        reload.start();
        Awaitility.await("the reload is done, or waits for its turn")
                .until(() -> reload.getState() == Thread.State.TERMINATED || reload.getState() == Thread.State.BLOCKED);
        readOn.countDown();
        refresh.join();
        reload.join();
        assertThat(snapshots.current()).isSameAs(next);
        assertThat(isRefused()).isTrue();
    }

    private static final class Nobody implements BanListener {
        @Override
        public void banned(Ban ban) {}

        @Override
        public void unbanned(Ban ban) {}
    }
}
