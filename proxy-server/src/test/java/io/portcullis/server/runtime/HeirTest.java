package io.portcullis.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portcullis.core.ban.Allowlist;
import io.portcullis.core.ban.Ban;
import io.portcullis.core.ban.BanEngine;
import io.portcullis.core.ban.BanListener;
import io.portcullis.core.ban.BanStore;
import io.portcullis.core.config.BansConfig;
import io.portcullis.core.config.Defaults;
import io.portcullis.core.net.CidrSet;
import io.portcullis.server.store.BanStores;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bans on their way into a process that takes over. If it breaks: it serves before it has them. */
class HeirTest {

    private static final String BANNED = ToldEvents.banned("192.0.2.1", "");

    @TempDir
    private Path directory;

    private final CountDownLatch end = new CountDownLatch(1);
    private final BanEngine bans = new BanEngine(
            Defaults.bans(),
            new Allowlist(CidrSet.EMPTY, CidrSet.EMPTY, CidrSet.EMPTY),
            new BanEngine.Sources(InstantSource.system(), new SplittableRandom(1)),
            new Nobody());
    private BanStore slow;
    private BanStore ours;

    private static final class Nobody implements BanListener {
        @Override
        public void banned(Ban ban) {}

        @Override
        public void unbanned(Ban ban) {}
    }

    private BanStore store() {
        return BanStores.of(
                Defaults.bans().withStore(new BansConfig.Store.InFile(directory.resolve("bans"))),
                Defaults.bans()::remember,
                InstantSource.system(),
                each -> {});
    }

    /** The predecessor's store still has the file: its disk is slow. */
    @BeforeEach
    void occupyTheFile() {
        slow = store();
        slow.start(ban -> {});
        ours = store();
    }

    @AfterEach
    void close() {
        end.countDown();
        ours.close();
        slow.close();
    }

    private void inherit(String events) throws IOException {
        try (ServerSocket server = ToldEvents.listening();
                Predecessor from = ToldEvents.tell(events, server, directory, end)) {
            new Heir(bans, ours, new Nobody(), Duration.ofMillis(100)).inherit(from, () -> {});
        }
    }

    @Test
    void nobodyIsServedWhereTheFileOfTheBansCannotBeHad() {
        assertThatThrownBy(() -> inherit(ToldEvents.RELEASED + ToldEvents.listed(false)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the bans cannot be read");
    }

    @Test
    void theFileIsNotNeededWhereAllBansWereTold() throws IOException {
        inherit(ToldEvents.RELEASED + BANNED + ToldEvents.listed(true));
        assertThat(bans.bans()).extracting(ban -> ban.client().toString()).containsExactly("192.0.2.1");
    }
}
