package io.portcullis.server.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;

/** The bound on connections: a count that drifts refuses everybody one day, or nobody. */
class ConnectionLimitTest {

    /** How many idle connections were asked for, each time; nobody has any unless a test says so. */
    private final List<Integer> asked = new ArrayList<>();

    private IntConsumer answer = closed -> {};
    private int idle;
    private boolean answersLater;
    private long now;

    private final ConnectionLimit limit = new ConnectionLimit(
            (most, then) -> {
                asked.add(most);
                answer = then;
                if (!answersLater) {
                    then.accept(idle);
                }
            },
            () -> now);

    private void enter(int connections, int max) {
        for (int i = 0; i < connections; i++) {
            assertThat(limit.enter(new EmbeddedChannel(), max)).isTrue();
        }
    }

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

    /** If it breaks: whoever holds connections and asks for nothing keeps everybody else out. */
    @Test
    void hasIdleOnesClosedBeforeThePlacesAreGone() {
        idle = 1;
        enter(300, 320);
        assertThat(asked).isEmpty();
        enter(1, 320);
        assertThat(asked).as("a sixteenth is to be free").containsExactly(20);
    }

    @Test
    void asksForOneWhereThereAreFewPlaces() {
        idle = 1;
        enter(2, 3);
        assertThat(asked).isEmpty();
        enter(1, 3);
        assertThat(asked).containsExactly(1);
    }

    /** If it breaks: a visitor who comes before a connection that makes way is closed is refused, though others are idle. */
    @Test
    void keepsAFewFreeWhereASixteenthWouldBeOne() {
        idle = 1;
        enter(16, 20);
        assertThat(asked).isEmpty();
        enter(1, 20);
        assertThat(asked).containsExactly(4);
    }

    /** If it breaks: where there is one place, who takes it is closed for nobody. */
    @Test
    void whoHasTheOnlyPlaceIsNotClosedBeforeAnotherComes() {
        idle = 1;
        enter(1, 1);
        assertThat(asked).isEmpty();
        assertThat(limit.enter(new EmbeddedChannel(), 1)).isFalse();
        assertThat(asked).containsExactly(1);
    }

    @Test
    void asksOnceAtATime() {
        answersLater = true;
        enter(3, 3);
        assertThat(limit.enter(new EmbeddedChannel(), 3)).isFalse();
        assertThat(asked).hasSize(1);

        answer.accept(1);
        assertThat(limit.enter(new EmbeddedChannel(), 3)).isFalse();
        assertThat(asked).hasSize(2);
    }

    /** If it breaks: with no place left and none idle, each knock costs a walk over all connections. */
    @Test
    void restsForAWhileWhereNothingWasIdle() {
        enter(3, 3);
        for (int i = 0; i < 10; i++) {
            assertThat(limit.enter(new EmbeddedChannel(), 3)).isFalse();
        }
        assertThat(asked).hasSize(1);

        now += 100_000_000;
        assertThat(limit.enter(new EmbeddedChannel(), 3)).isFalse();
        assertThat(asked).hasSize(2);
    }
}
