package io.portcullis.server.store;

import static io.portcullis.server.store.Bans.EVERYWHERE;
import static io.portcullis.server.store.Bans.ON_TRIAL;
import static io.portcullis.server.store.Bans.SECRETS;
import static io.portcullis.server.store.Bans.ban;
import static io.portcullis.server.store.Bans.client;
import static io.portcullis.server.store.Bans.untold;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.portcullis.core.ban.Ban;
import io.portcullis.core.ban.Ban.Grounds;
import io.portcullis.core.ban.Sentence;
import io.portcullis.core.net.Cidr;
import io.portcullis.core.net.ClientKey;
import io.portcullis.server.observe.LogCapture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.h2.mvstore.SingleFileStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileBanStoreTest {
    private static final long HOUR = 3_600_000;

    private final TestClock clock = new TestClock();
    private final Path file;
    private final LogCapture told = new LogCapture(FileBanStore.LOG_NAME);

    FileBanStoreTest(@TempDir Path folder) {
        file = folder.resolve("data/bans.mv");
    }

    @AfterEach
    void close() {
        told.close();
    }

    private StoreUnderTest open() {
        return StoreUnderTest.open(file, clock);
    }

    private List<Ban> afterRestart() {
        try (StoreUnderTest store = open()) {
            return store.known;
        }
    }

    @Test
    void everyKindOfBanComesBackAfterARestart() {
        Cidr block = Objects.requireNonNull(Cidr.parse("198.51.100.0/24"));
        long now = clock.millis();
        List<Ban> bans = List.of(
                ban(client("192.0.2.1"), SECRETS, now, HOUR),
                ban(client("192.0.2.1"), EVERYWHERE, now, HOUR),
                ban(client("192.0.2.1"), ON_TRIAL, now, HOUR),
                new Ban(client("2001:db8::1"), SECRETS, now, Ban.FOREVER, Grounds.UNTOLD),
                ban(ClientKey.of(client("2001:db8::").network(), 128), SECRETS, now, HOUR),
                ban(ClientKey.of(client("2001:db8:0:0:1::").network(), 80), SECRETS, now, HOUR),
                ban(ClientKey.of(client("2001:db8::").network(), 48), SECRETS, now, HOUR),
                ban(new ClientKey(block.network(), block.prefixLength()), EVERYWHERE, now, HOUR));
        try (StoreUnderTest store = open()) {
            assertThat(store.known).isEmpty();
            bans.forEach(store::ban);
        }
        try (StoreUnderTest store = open()) {
            assertThat(store.known)
                    .containsExactlyInAnyOrderElementsOf(
                            bans.stream().map(Bans::untold).toList());
            for (Ban ban : bans) {
                assertThat(store.grounds(ban)).as("why %s", ban.client()).isEqualTo(ban.grounds());
            }
        }
        assertThat(told.warnings()).isEmpty();
    }

    @Test
    void whatWasWrittenSurvivesAKilledProcess() {
        Ban ban = ban(client(1), SECRETS, clock.millis(), HOUR);
        StoreUnderTest store = open();
        store.ban(ban);
        store.round();
        store.kill();
        assertThat(afterRestart()).containsExactly(untold(ban));
        assertThat(told.warnings()).isEmpty();
    }

    @Test
    void whoIsBannedUnbannedAndBannedAgainIsBannedOnce() {
        ClientKey client = client(1);
        long now = clock.millis();
        Ban first = ban(client, SECRETS, now, HOUR);
        Ban again = ban(client, SECRETS, now + 5, HOUR);
        try (StoreUnderTest store = open()) {
            store.ban(first);
            store.unban(first);
            store.ban(again);
        }
        assertThat(afterRestart()).containsExactly(untold(again));
        try (StoreUnderTest store = open()) {
            store.unban(again);
            store.ban(again); // in the same millisecond
            store.unban(again);
        }
        assertThat(afterRestart()).isEmpty();
    }

    @Test
    void anUnbannedClientBeginsAnewAfterARestartToo() {
        ClientKey client = client(1);
        long now = clock.millis();
        Ban longer = ban(client, SECRETS, now + 1, 2 * HOUR);
        Ban elsewhere = ban(client, EVERYWHERE, now, HOUR);
        Ban ended = ban(client, SECRETS, now - HOUR, 1);
        try (StoreUnderTest store = open()) {
            store.ban(ban(client, SECRETS, now, HOUR));
            store.ban(longer);
            store.ban(elsewhere);
            store.ban(ended);
            store.unban(longer);
        }
        assertThat(afterRestart())
                .as(
                        "a shorter ban that the lifted one took the place of is gone, and one that ended before; another scope's stands")
                .containsExactly(untold(elsewhere));
    }

    @Test
    void endedBansAreRememberedAsLongAsConfiguredAndThoseOnTrialAreNot() {
        long now = clock.millis();
        Ban ended = ban(client(1), SECRETS, now, 1_000);
        Ban onTrial = ban(client(1), ON_TRIAL, now, 1_000);
        try (StoreUnderTest store = open()) {
            store.ban(ended);
            store.ban(onTrial);
        }
        clock.advance(999);
        assertThat(afterRestart()).containsExactlyInAnyOrder(untold(ended), untold(onTrial));
        clock.advance(1);
        assertThat(afterRestart()).containsExactly(untold(ended));
        clock.advance(StoreUnderTest.REMEMBER.toMillis() - 1);
        assertThat(afterRestart()).containsExactly(untold(ended));
        clock.advance(1);
        assertThat(afterRestart()).isEmpty();
    }

    /** If it breaks: a reload that says "remember for longer" is told as done, and who comes back begins with a short ban. */
    @Test
    void howLongEndedBansAreRememberedMayChangeWhileTheProcessRuns() {
        Ban ended = ban(client(1), SECRETS, clock.millis(), 1_000);
        try (StoreUnderTest store = open()) {
            store.ban(ended);
            store.round();
            store.remember = StoreUnderTest.REMEMBER.multipliedBy(4);
            clock.advance(StoreUnderTest.REMEMBER.multipliedBy(2).toMillis());
            store.round();
            store.remember = StoreUnderTest.REMEMBER.multipliedBy(3);
            assertThat(store.grounds(ended)).isEqualTo(ended.grounds());
            clock.advance(StoreUnderTest.REMEMBER.multipliedBy(2).toMillis());
            store.round();
            assertThat(store.grounds(ended)).isEqualTo(Ban.Grounds.UNTOLD);
        }
    }

    @Test
    void forgottenBansLeaveTheFileStepByStepAndTheRestStays() {
        Ban forever = new Ban(client(7), SECRETS, clock.millis(), Ban.FOREVER, Grounds.UNTOLD);
        try (StoreUnderTest store = open()) {
            for (int i = 0; i < 3 * FileBanStore.PURGE_BANS; i++) {
                store.ban(ban(client(100 + i), SECRETS, clock.millis(), 1_000));
            }
            store.ban(forever);
            store.round();
            clock.advance(StoreUnderTest.REMEMBER.toMillis() + 1_000 + FileBanStore.PURGE_PAUSE_MILLIS);
            for (int i = 0; i < 4; i++) {
                store.round();
                clock.advance(FileBanStore.UPKEEP_MILLIS);
            }
        }
        BanFile opened = BanFile.open(file, BanFile.Mode.NORMAL, SingleFileStore::new);
        assertThat(opened.size()).isEqualTo(1);
        opened.close();
        assertThat(afterRestart()).containsExactly(untold(forever));
    }

    @Test
    void theFileDoesNotGrowWithoutEndHoweverManyBansComeAndGo() throws IOException {
        int perRound = 2_000;
        SplittableRandom random = new SplittableRandom(1);
        long half = 0;
        int rounds = 80;
        try (StoreUnderTest store = open()) {
            for (int round = 0; round < rounds; round++) {
                for (int i = 0; i < perRound; i++) {
                    store.ban(ban(client(random.nextInt()), SECRETS, clock.millis(), 1_000));
                }
                store.engine.clear();
                clock.advance(StoreUnderTest.REMEMBER.toMillis() / 4); // 5 rounds' bans are kept at a time
                store.round();
                if (round == rounds / 2) {
                    half = Files.size(file);
                }
            }
            assertThat(Files.size(file)).as("half-way it was %s", half).isLessThan(2 * half);
            clock.advance(2 * StoreUnderTest.REMEMBER.toMillis());
            for (int i = 0; i < 20; i++) {
                clock.advance(FileBanStore.PURGE_PAUSE_MILLIS);
                store.round();
            }
            assertThat(Files.size(file)).as("all are forgotten").isLessThan(half / 4);
        }
    }

    @Test
    void aFullStoreForgetsEndedBansFirstAndTellsWhenThatIsNotEnough() {
        try (StoreUnderTest store = new StoreUnderTest(file, clock, 10, SingleFileStore::new)) {
            for (int i = 0; i < 10; i++) {
                store.ban(ban(client(i), SECRETS, clock.millis(), 1));
            }
            store.round();
            store.engine.clear();
            clock.advance(FileBanStore.UPKEEP_MILLIS);
            store.round();
            for (int i = 20; i < 30; i++) {
                store.ban(ban(client(i), SECRETS, clock.millis(), HOUR));
            }
            store.round();
            assertThat(told.warnings()).isEmpty();
            store.ban(ban(client(30), SECRETS, clock.millis(), HOUR));
            store.round();
            assertThat(told.warnings()).singleElement().asString().contains("10 bans", "max-bans");
        }
        assertThat(afterRestart())
                .hasSize(10)
                .allMatch(ban -> ban.client().network().ipv4Bits() >= 20);
    }

    @Test
    void whatWasTooMuchForTheQueueIsAskedForAndNothingLiftedStays() {
        ClientKey lifted = client("203.0.113.9");
        int many = ChangeQueue.MAX_WEIGHT / 3 + 100; // each weighs three
        try (StoreUnderTest store = open()) {
            store.ban(ban(lifted, SECRETS, clock.millis(), HOUR));
            store.round();
            for (int i = 0; i < many; i++) {
                store.ban(ban(client(i), SECRETS, clock.millis(), HOUR));
            }
            store.unban(store.engine.get(0));
            store.round();
        }
        assertThat(afterRestart()).hasSize(many).noneMatch(ban -> ban.client().equals(lifted));
        try (StoreUnderTest store = open()) {
            Ban first = store.engine.get(0);
            assertThat(store.grounds(first))
                    .as("what was written with grounds keeps them when it is written once more")
                    .isEqualTo(Bans.grounds(first.client()));
        }
    }

    @Test
    void groundsAreToldBeforeTheyAreWritten() {
        Ban ban = ban(client(1), SECRETS, clock.millis(), HOUR);
        try (StoreUnderTest store = open()) {
            store.ban(ban);
            assertThat(store.grounds(ban)).isEqualTo(ban.grounds());
            assertThat(store.grounds(ban(client(2), SECRETS, clock.millis(), HOUR)))
                    .isEqualTo(Grounds.UNTOLD);
        }
    }

    @Test
    void aDeletedFileIsWrittenAnewWhileTheProcessRuns() throws IOException {
        Ban ban = ban(client(1), SECRETS, clock.millis(), HOUR);
        try (StoreUnderTest store = open()) {
            store.ban(ban);
            store.round();
            Files.delete(file);
            clock.advance(FileBanStore.UPKEEP_MILLIS);
            store.round();
            assertThat(told.warnings()).singleElement().asString().contains("moved away or deleted");
        }
        assertThat(afterRestart()).containsExactly(untold(ban));
    }

    @Test
    void theFileIsNoBusinessOfOthers() throws IOException {
        open().close();
        assertThat(Files.getPosixFilePermissions(file))
                .doesNotContain(
                        PosixFilePermission.OTHERS_READ,
                        PosixFilePermission.OTHERS_WRITE,
                        PosixFilePermission.GROUP_WRITE);
    }

    @Test
    void jailsThatNobodyIsInAnyMoreAreForgotten() {
        List<Ban> bans = new ArrayList<>();
        try (StoreUnderTest store = open()) {
            for (int i = 0; i < 300; i++) {
                Sentence sentence = new Sentence(SECRETS.scope(), "jail" + i, SECRETS.action(), Sentence.Mode.ENFORCED);
                bans.add(ban(client(i), sentence, clock.millis(), HOUR));
                store.ban(bans.get(i));
            }
            store.round();
            bans.subList(1, 300).forEach(store::unban);
        }
        assertThat(afterRestart()).containsExactly(untold(bans.get(0)));
        assertThat(afterRestart()).as("and numbers are not mixed up").containsExactly(untold(bans.get(0)));
    }

    @Test
    void aStartTellsHowManyBansAreInForceAgain() {
        try (StoreUnderTest store = open()) {
            store.ban(ban(client(1), SECRETS, clock.millis(), HOUR));
        }
        afterRestart();
        assertThat(told.messages(Level.INFO)).last().asString().startsWith("1 bans read from " + file);
    }

    @Test
    void aListenerThatFailsDoesNotMakeTheFileADamagedOne() {
        Ban ban = ban(client(1), SECRETS, clock.millis(), HOUR);
        try (StoreUnderTest store = open()) {
            store.ban(ban);
        }
        FileBanStore store = new FileBanStore(
                new BanFolder(file, clock, SingleFileStore::new),
                new FileBanStore.Bounds(() -> StoreUnderTest.REMEMBER, 10),
                clock,
                each -> {});
        store.begin(known -> {
            throw new IllegalStateException("bug");
        });
        store.close();
        assertThat(told.messages(Level.ERROR)).hasSize(1);
        assertThat(afterRestart()).containsExactly(untold(ban));
    }
}
