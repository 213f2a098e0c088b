package io.portcullis.server.store;

import io.portcullis.core.ban.Ban;
import io.portcullis.core.ban.Ban.Grounds;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.h2.mvstore.SingleFileStore;

/**
 * A file store without its thread, beside what an engine would hold: each {@link #round} is what the thread does at a time.
 */
final class StoreUnderTest implements AutoCloseable {
    static final Duration REMEMBER = Duration.ofHours(1);

    final FileBanStore store;
    /** What the store was told and gave back, as the engine would hold it. */
    final List<Ban> engine = new ArrayList<>();

    final List<Ban> known = new ArrayList<>();
    /** For how long, as the configuration in force has it. */
    Duration remember = REMEMBER;

    StoreUnderTest(Path file, TestClock clock, long maxBans, Function<Map<String, Object>, SingleFileStore> disks) {
        store = new FileBanStore(
                new BanFolder(file, clock, disks),
                new FileBanStore.Bounds(() -> remember, maxBans),
                clock,
                each -> List.copyOf(engine).forEach(ban -> each.accept(Bans.untold(ban))));
        store.begin(ban -> {
            known.add(ban);
            if (!ban.isOver(clock.millis())) {
                engine.add(ban);
            }
        });
    }

    static StoreUnderTest open(Path file, TestClock clock) {
        return new StoreUnderTest(file, clock, 1_000_000, SingleFileStore::new);
    }

    void ban(Ban ban) {
        engine.add(ban);
        store.banned(ban);
    }

    void unban(Ban ban) {
        engine.removeIf(held -> Bans.untold(held).equals(Bans.untold(ban)));
        store.unbanned(ban);
    }

    void round() {
        store.round();
    }

    Grounds grounds(Ban ban) {
        CompletableFuture<Grounds> answer =
                store.grounds(ban.client(), ban.scope(), ban.since()).toCompletableFuture();
        store.round();
        return answer.join();
    }

    /** As a process that is killed leaves the file. */
    void kill() {
        store.abandonFile();
    }

    @Override
    public void close() {
        store.round();
        store.close();
    }
}
