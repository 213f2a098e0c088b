package io.portcullis.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.core.ban.Ban;
import io.portcullis.core.ban.BanScope;
import io.portcullis.core.ban.BanStore;
import io.portcullis.core.ban.Sentence;
import io.portcullis.core.config.BansConfig;
import io.portcullis.core.config.Defaults;
import io.portcullis.core.config.JailConfig.Drop;
import io.portcullis.core.net.ClientKey;
import io.portcullis.core.net.IpAddress;
import io.portcullis.server.admin.Handover;
import io.portcullis.server.store.BanStores;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a process tells the one that takes over from it. If it breaks: who was banned is served after an upgrade. */
class SuccessorTest {

    private static final Sentence EVERYWHERE =
            new Sentence(BanScope.AllHosts.ALL_HOSTS, "j", Drop.DROP, Sentence.Mode.ENFORCED);

    private final List<Ban> inForce = new ArrayList<>();
    private final List<Handover.News> told = new ArrayList<>();

    private final class Served implements Successor.Handing {
        @Override
        public void forEachBan(Consumer<Ban> each) {
            inForce.forEach(each);
        }

        @Override
        public void depart(long successor) {}

        @Override
        public void lift(Ban ban) {}
    }

    private static Ban ban(int client) {
        return new Ban(ClientKey.of(IpAddress.ofIpv4(client), 64), EVERYWHERE, 1, Ban.FOREVER, Ban.Grounds.UNTOLD);
    }

    private BanStore store(BansConfig config) {
        return BanStores.of(config, config::remember, InstantSource.system(), inForce::forEach);
    }

    @Test
    void bansThatNoStoreHasAreToldHoweverManyAndThenWhatComes() throws Exception {
        int many = 150_000;
        for (int client = 0; client < many; client++) {
            inForce.add(ban(client));
        }
        Successor successor = new Successor(store(Defaults.bans()), new Served(), () -> true);
        try (Handover.Lease lease = successor.begin(4711)) {
            successor.banned(ban(-1));
            lease.list(told::add);
            assertThat(told).hasSize(many + 1).endsWith(new Handover.Listed(true));
            assertThat(lease.next()).isEqualTo(new Handover.Banned(ban(-1)));
            successor.depart(4711);
        }
    }

    @Test
    void bansThatTheFileHasAreNotToldAgain(@TempDir Path directory) throws Exception {
        inForce.add(ban(1));
        try (BanStore store =
                store(Defaults.bans().withStore(new BansConfig.Store.InFile(directory.resolve("bans"))))) {
            store.start(ban -> {});
            inForce.forEach(store::banned);
            try (Handover.Lease lease = new Successor(store, new Served(), () -> true).begin(4711)) {
                lease.list(told::add);
                assertThat(told).containsExactly(new Handover.Listed(false));
            }
        }
    }

    @Test
    void bansThatCouldNotBeWrittenAreTold(@TempDir Path directory) throws Exception {
        Path noFolder = Files.writeString(directory.resolve("occupied"), "").resolve("bans");
        inForce.add(ban(1));
        inForce.add(ban(2));
        Ban lifted = ban(3);
        try (BanStore store = store(Defaults.bans().withStore(new BansConfig.Store.InFile(noFolder)))) {
            store.start(ban -> {});
            store.banned(lifted);
            store.unbanned(lifted);
            inForce.forEach(store::banned);
            try (Handover.Lease lease = new Successor(store, new Served(), () -> true).begin(4711)) {
                lease.list(told::add);
                assertThat(told)
                        .startsWith(new Handover.Banned(lifted), new Handover.Unbanned(lifted))
                        .contains(new Handover.Banned(ban(1)), new Handover.Banned(ban(2)))
                        .endsWith(new Handover.Listed(true));
            }
            assertThat(store.condition().waiting())
                    .as("and are still to be written when it has not taken over")
                    .isGreaterThanOrEqualTo(2);
        }
    }
}
