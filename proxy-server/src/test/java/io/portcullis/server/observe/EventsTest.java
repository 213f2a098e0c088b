package io.portcullis.server.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.server.observe.Events.Subscription;
import io.portcullis.server.observe.Events.Told;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What happens is told to whoever listens, and nobody is waited for. */
class EventsTest {

    private static final Set<Event.Type> ALL = EnumSet.allOf(Event.Type.class);

    private final Events events = new Events(InstantSource.system());

    private static Event back(int number) {
        return new Event.EndpointBack("shop", "http://10.0.0." + number);
    }

    private static Event event(Subscription subscription) {
        Told told = subscription.poll();
        assertThat(told).isNotNull();
        return told.event();
    }

    @Test
    void eachSubscriberIsToldEachEventInOrder() {
        Subscription first = events.subscribe(ALL);
        Subscription second = events.subscribe(ALL);
        events.publish(back(1));
        events.publish(back(2));
        for (Subscription subscription : new Subscription[] {first, second}) {
            assertThat(event(subscription)).isEqualTo(back(1));
            assertThat(event(subscription)).isEqualTo(back(2));
            assertThat(subscription.poll()).isNull();
            assertThat(subscription.takeMissed()).isZero();
        }
    }

    /** If it breaks: a monitoring program that hangs makes the proxy run out of memory, or wait. */
    @Test
    void whoDoesNotKeepUpMissesWhatCameLastAndIsToldHowMany() {
        Subscription slow = events.subscribe(ALL);
        Subscription quick = events.subscribe(ALL);
        for (int i = 0; i < Events.CAPACITY + 3; i++) {
            events.publish(back(i));
            assertThat(event(quick)).isEqualTo(back(i));
        }
        assertThat(slow.takeMissed()).isEqualTo(3);
        assertThat(slow.takeMissed()).as("told once").isZero();
        for (int i = 0; i < Events.CAPACITY; i++) {
            assertThat(event(slow)).isEqualTo(back(i));
        }
        assertThat(slow.poll()).isNull();
        events.publish(new Event.StoreBack());
        assertThat(event(slow)).isEqualTo(new Event.StoreBack());
        assertThat(quick.takeMissed()).isZero();
    }

    /** If it breaks: a flood of bans pushes the one event that somebody waits for out of his queue. */
    @Test
    void whatNobodyAskedForTakesNoPlace() {
        Subscription ofStore = events.subscribe(Set.of(Event.Type.STORE_BACK));
        for (int i = 0; i < Events.CAPACITY; i++) {
            events.publish(back(i));
        }
        events.publish(new Event.StoreBack());
        assertThat(event(ofStore)).isEqualTo(new Event.StoreBack());
        assertThat(ofStore.takeMissed()).isZero();
    }

    @Test
    void whoHasLeftIsToldNothing() {
        Subscription gone = events.subscribe(ALL);
        gone.close();
        events.publish(back(1));
        assertThat(gone.poll()).isNull();
    }

    @Test
    void everyEventHasAnIdWhoeverHears() {
        events.publish(back(1));
        Subscription late = events.subscribe(ALL);
        events.publish(back(2));
        assertThat(late.poll()).extracting(Told::id).isEqualTo(2L);
        assertThat(events.count()).isEqualTo(2);
    }

    @Test
    void theEndIsToldBesidesWhatIsStillThere() {
        Subscription subscription = events.subscribe(ALL);
        assertThat(subscription.isLast()).isFalse();
        events.publish(new Event.Draining());
        events.end();
        assertThat(subscription.isLast()).isTrue();
        assertThat(event(subscription)).isEqualTo(new Event.Draining());
    }
}
