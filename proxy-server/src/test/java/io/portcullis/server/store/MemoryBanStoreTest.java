package io.portcullis.server.store;

import static io.portcullis.server.store.Bans.SECRETS;
import static io.portcullis.server.store.Bans.ban;
import static io.portcullis.server.store.Bans.client;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.core.ban.Ban;
import io.portcullis.core.ban.Ban.Grounds;
import org.junit.jupiter.api.Test;

class MemoryBanStoreTest {
    private final MemoryBanStore store = new MemoryBanStore(2);

    private Grounds grounds(Ban ban) {
        return store.grounds(ban.client(), ban.scope(), ban.since())
                .toCompletableFuture()
                .join();
    }

    @Test
    void theGroundsOfTheLatestBansAreKeptAndNoMoreHoweverManyThereAre() {
        Ban first = ban(client(1), SECRETS, 1, 10);
        Ban second = ban(client(2), SECRETS, 1, 10);
        Ban third = ban(client(3), SECRETS, 1, 10);
        store.banned(first);
        store.banned(second);
        store.banned(third);
        assertThat(grounds(first)).isEqualTo(Grounds.UNTOLD);
        assertThat(grounds(second)).isEqualTo(second.grounds());
        assertThat(grounds(third)).isEqualTo(third.grounds());
    }

    @Test
    void whatIsTakenBackIsForgotten() {
        Ban ban = ban(client(1), SECRETS, 1, 10);
        store.banned(ban);
        store.unbanned(ban);
        assertThat(grounds(ban)).isEqualTo(Grounds.UNTOLD);
    }
}
