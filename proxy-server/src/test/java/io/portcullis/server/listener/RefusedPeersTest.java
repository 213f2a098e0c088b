package io.portcullis.server.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.core.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Whoever is read here wrongly is refused by the kernel in another's place. */
class RefusedPeersTest {

    private final RefusedPeers refused = new RefusedPeers();

    private List<IpAddress> drain() {
        List<IpAddress> peers = new ArrayList<>();
        refused.drain(peers::add);
        return peers;
    }

    private static IpAddress numbered(long number) {
        return new IpAddress(number, ~number);
    }

    @Test
    void tellsEachOnceInTheirOrder() {
        for (int i = 0; i < 5; i++) {
            refused.add(numbered(i));
        }
        assertThat(drain()).containsExactly(numbered(0), numbered(1), numbered(2), numbered(3), numbered(4));
        assertThat(drain()).isEmpty();
        refused.add(numbered(7));
        assertThat(drain()).containsExactly(numbered(7));
    }

    @Test
    void tellsTheLastWhereThereWereMoreThanItHolds() {
        int many = 3 * RefusedPeers.SIZE;
        for (int i = 0; i < many; i++) {
            refused.add(numbered(i));
        }
        assertThat(drain())
                .hasSize(RefusedPeers.SIZE - 1) // the oldest may be overwritten just now
                .endsWith(numbered(many - 1))
                .startsWith(numbered(many - RefusedPeers.SIZE + 1));
    }

    @Test
    void nobodyIsHalfOneAndHalfAnotherWhileTheyComeFasterThanTheyAreRead() throws InterruptedException {
        AtomicBoolean ends = new AtomicBoolean();
        Thread eventLoop = new Thread(() -> {
            for (long number = 0; !ends.get(); number++) {
                refused.add(numbered(number));
            }
        });
        eventLoop.start();
        try {
            int read = 0;
            long last = -1;
            while (read < 200_000) {
                for (IpAddress peer : drain()) {
                    assertThat(peer.low()).isEqualTo(~peer.high());
                    assertThat(peer.high()).isGreaterThan(last);
                    last = peer.high();
                    read++;
                }
            }
        } finally {
            ends.set(true);
            eventLoop.join();
        }
    }
}
