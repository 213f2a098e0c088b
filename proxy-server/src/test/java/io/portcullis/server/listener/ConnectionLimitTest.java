package io.portcullis.server.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

/** The bound on connections: a count that drifts refuses everybody one day, or nobody. */
class ConnectionLimitTest {

    private final ConnectionLimit limit = new ConnectionLimit();

    @Test
    void letsInUpToTheLimitAndNoMore() {
        EmbeddedChannel first = new EmbeddedChannel();
        EmbeddedChannel second = new EmbeddedChannel();
        EmbeddedChannel third = new EmbeddedChannel();
        assertThat(limit.enter(first, 2)).isTrue();
        assertThat(limit.enter(second, 2)).isTrue();
        assertThat(limit.enter(third, 2)).isFalse();
        assertThat(limit.open()).isEqualTo(2);

        third.close();
        assertThat(limit.open()).as("one that was refused is not counted out").isEqualTo(2);
        first.close();
        assertThat(limit.open()).isEqualTo(1);
        assertThat(limit.enter(new EmbeddedChannel(), 2)).isTrue();
    }

    @Test
    void countsAConnectionOutOnceHoweverOftenItIsClosed() {
        EmbeddedChannel channel = new EmbeddedChannel();
        limit.enter(channel, 1);
        channel.close();
        channel.close();
        assertThat(limit.open()).isZero();
    }

    @Test
    void goesByTheLimitOfTheMoment_asAReloadChangesIt() {
        limit.enter(new EmbeddedChannel(), 3);
        limit.enter(new EmbeddedChannel(), 3);
        assertThat(limit.enter(new EmbeddedChannel(), 1)).isFalse();
        assertThat(limit.enter(new EmbeddedChannel(), 3)).isTrue();
    }

    @Test
    void neitherLeaksNorGoesBelowZeroAfterAFlood() {
        for (int i = 0; i < 1000; i++) {
            EmbeddedChannel channel = new EmbeddedChannel();
            limit.enter(channel, 0);
            channel.close();
        }
        assertThat(limit.open()).isZero();
    }
}
