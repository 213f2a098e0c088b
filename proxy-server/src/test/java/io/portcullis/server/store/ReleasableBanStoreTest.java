package io.portcullis.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.core.ban.Ban;
import io.portcullis.core.ban.BanScope;
import io.portcullis.core.net.ClientKey;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
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
                        new FileBanStore.Bounds(Duration.ofDays(1), 1_000),
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
            store.reclaim(ban -> {});
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

    /** If it breaks: who was let in again during an upgrade that failed is banned again, and no status says so. */
    @Test
    void whoIsLetInWhileTheFileIsReadStaysSo() {
        Ban there = ban(1);
        List<Ban> here = new ArrayList<>();
        ReadFile[] files = {new ReadFile(there), new ReadFile(there)};
        Iterator<ReadFile> next = List.of(files).iterator();
        try (ReleasableBanStore store = new ReleasableBanStore(next::next, each -> {})) {
            store.start(here::add);
            store.release();
            files[1].whileReading = () -> store.unbanned(there); // the engine has lifted it just before it is restored
            store.reclaim(here::remove);
        }
        assertThat(files[1].lifted).containsExactly(there);
        assertThat(here).as("known at the start, and again").containsExactly(there);
    }

    @Test
    void whoWasLetInMeanwhileStaysSoHoweverManyBansFell() {
        List<Ban> here = new ArrayList<>();
        Ban there = ban(1);
        ReadFile[] files = {new ReadFile(there), new ReadFile(there)};
        Iterator<ReadFile> next = List.of(files).iterator();
        try (ReleasableBanStore store = new ReleasableBanStore(next::next, each -> {})) {
            store.start(here::add);
            here.clear();
            store.release();
            for (int client = 0; client < ReleasableBanStore.MOST_WAITING; client++) {
                store.banned(ban(100 + client));
            }
            store.unbanned(there);
            store.reclaim(ban -> {});
        }
        assertThat(files[1].lifted).containsExactly(there);
        assertThat(here).isEmpty();
    }

    /** If it breaks: an upgrade on a full disk is an amnesty, and a failed one too. */
    @Test
    void whatTheDiskDidNotTakeIsToldAtTheReleaseAndWrittenWhenItIsTakenBack(@TempDir Path directory) {
        FaultyDisk disk = new FaultyDisk();
        Ban before = ban(1);
        Ban unwritten = ban(2);
        Path file = directory.resolve("bans.mv");
        BansInForce inForce = each -> each.accept(Bans.untold(unwritten));
        try (ReleasableBanStore store = new ReleasableBanStore(
                () -> new FileBanStore(
                        new BanFolder(file, clock, disk::of),
                        new FileBanStore.Bounds(Duration.ofDays(1), 1_000),
                        clock,
                        inForce),
                inForce)) {
            store.start(ban -> {});
            disk.full = true;
            store.banned(before);
            store.banned(unwritten);
            store.unbanned(before);
            ReleasableBanStore.Released released = store.release();
            assertThat(released.isWhole()).isFalse();
            assertThat(released.unwritten())
                    .containsExactly(
                            new ReleasableBanStore.Change(before, false),
                            new ReleasableBanStore.Change(unwritten, false),
                            new ReleasableBanStore.Change(before, true));
            assertThat(store.grounds(unwritten.client(), unwritten.scope(), unwritten.since())
                            .toCompletableFuture()
                            .join())
                    .isEqualTo(unwritten.grounds());
            disk.full = false;
            store.reclaim(ban -> {});
        }
        List<Ban> again = new ArrayList<>();
        open(directory, again).close();
        assertThat(again).containsExactly(Bans.untold(unwritten));
    }

    @Test
    void whatWentInWholeIsNotTold(@TempDir Path directory) {
        try (ReleasableBanStore store = open(directory, new ArrayList<>())) {
            store.banned(ban(1));
            assertThat(store.isLoaded()).isTrue();
            assertThat(store.release()).isEqualTo(new ReleasableBanStore.Released(true, List.of()));
            assertThat(store.isLoaded()).isFalse();
        }
    }

    /** A file of one ban, during the reading of which something happens. */
    private static final class ReadFile implements LendableStore {
        private final Ban held;
        private Runnable whileReading = () -> {};
        private final List<Ban> lifted = new ArrayList<>();

        ReadFile(Ban held) {
            this.held = held;
        }

        @Override
        public void start(Consumer<Ban> known) {
            known.accept(held);
            whileReading.run();
        }

        @Override
        public boolean isLoaded() {
            return true;
        }

        @Override
        public Unwritten unwritten() {
            return new Unwritten(false, List.of());
        }

        @Override
        public void banned(Ban ban) {}

        @Override
        public void unbanned(Ban ban) {
            lifted.add(ban);
        }

        @Override
        public CompletionStage<Ban.Grounds> grounds(ClientKey client, BanScope scope, long since) {
            return CompletableFuture.completedFuture(Ban.Grounds.UNTOLD);
        }

        @Override
        public void close() {}
    }
}
