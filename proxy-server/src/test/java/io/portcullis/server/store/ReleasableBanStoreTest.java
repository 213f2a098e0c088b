package io.portcullis.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.core.ban.Ban;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two processes, one after the other, with one file. If it breaks: bans are lost with an upgrade. */
class ReleasableBanStoreTest {

    private final TestClock clock = new TestClock();

    private ReleasableBanStore open(Path directory, List<Ban> known) {
        BansInForce inForce = each -> List.copyOf(known).forEach(each);
        ReleasableBanStore store = new ReleasableBanStore(
                () -> new FileBanStore(
                        BanFolder.at(directory.resolve("bans"), clock),
                        new FileBanStore.Bounds(() -> Duration.ofDays(1), 1_000),
                        clock,
                        inForce),
                inForce);
        store.start(known::add);
        return store;
    }

    private Ban ban(int number) {
        return Bans.ban(Bans.client(number), Bans.SECRETS, clock.millis(), 3_600_000);
    }

    @Test
    void whatWasToldBeforeTheReleaseIsThereForAnother(@TempDir Path directory) {
        Ban before = ban(1);
        List<Ban> there = new ArrayList<>();
        try (ReleasableBanStore store = open(directory, new ArrayList<>())) {
            store.banned(before);
            store.release();
            try (ReleasableBanStore other = open(directory, there)) {
                assertThat(there).containsExactly(Bans.untold(before));
                assertThat(other.grounds(before.client(), before.scope(), before.since())
                                .toCompletableFuture()
                                .join())
                        .isEqualTo(before.grounds());
            }
        }
    }

    @Test
    void whatCameMeanwhileHereAndThereIsInTheFileThatIsTakenBack(@TempDir Path directory) {
        Ban lifted = ban(1);
        Ban meanwhile = ban(2);
        Ban elsewhere = ban(3);
        List<Ban> here = new ArrayList<>();
        try (ReleasableBanStore store = open(directory, here)) {
            store.banned(lifted);
            store.release();
            store.unbanned(lifted);
            store.banned(meanwhile);
            assertThat(store.grounds(meanwhile.client(), meanwhile.scope(), meanwhile.since())
                            .toCompletableFuture()
                            .join())
                    .isEqualTo(meanwhile.grounds());
            try (ReleasableBanStore other = open(directory, new ArrayList<>())) {
                other.banned(elsewhere);
            }
            store.reclaim();
            assertThat(here).as("and not the one that was taken back").containsExactly(Bans.untold(elsewhere));
        }
        List<Ban> again = new ArrayList<>();
        open(directory, again).close();
        assertThat(again).containsExactlyInAnyOrder(Bans.untold(meanwhile), Bans.untold(elsewhere));
    }

    @Test
    void aReleasedStoreEndsWithoutTouchingTheFile(@TempDir Path directory) {
        ReleasableBanStore store = open(directory, new ArrayList<>());
        store.release();
        try (ReleasableBanStore other = open(directory, new ArrayList<>())) {
            store.banned(ban(1));
            store.close();
            other.banned(ban(2));
        }
        List<Ban> again = new ArrayList<>();
        open(directory, again).close();
        assertThat(again).extracting(Ban::client).containsExactly(Bans.client(2));
    }
}
