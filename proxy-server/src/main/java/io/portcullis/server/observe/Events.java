package io.portcullis.server.observe;

import io.portcullis.core.ban.Ban;
import io.portcullis.core.ban.BanListener;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Passes on what happens in the process to whoever has subscribed, and waits for nobody: it is told of bans on event
 * loops.
 *
 * <p>Each subscriber has a queue of its own, of {@link #CAPACITY} events. One that does not keep up misses those that
 * find no place, and can ask how many. It has to look by itself: to wake it would cost an event loop a system call.
 *
 * <p>Threads: any; a {@link Subscription} is read by one.
 */
public final class Events implements BanListener {

    /** What one subscriber may be behind. A ban with its evidence takes some 2 kB at the very worst. */
    static final int CAPACITY = 1_024;

    private final InstantSource clock;
    private final AtomicLong count = new AtomicLong();
    private final List<Subscription> subscriptions = new CopyOnWriteArrayList<>();
    private volatile boolean ended;

    /** @param clock tells when something happened */
    public Events(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * An event as it was told.
     *
     * @param id counts the process's events from 1, whoever hears of them; of two at the same moment the later may be
     *     told first
     * @param millis since the epoch
     */
    public record Told(long id, long millis, Event event) {}

    /** Neither blocks nor throws. */
    public void publish(Event event) {
        Told told = new Told(count.incrementAndGet(), clock.millis(), event);
        for (Subscription subscription : subscriptions) {
            subscription.offer(told);
        }
    }

    @Override
    public void banned(Ban ban) {
        publish(new Event.Banned(ban));
    }

    @Override
    public void unbanned(Ban ban) {
        publish(new Event.Unbanned(ban));
    }

    /** How many there have been since the process began. */
    public long count() {
        return count.get();
    }

    /**
     * Begins to listen; what happened before is not told.
     *
     * @param types which kinds; at least one
     */
    public Subscription subscribe(Set<Event.Type> types) {
        Subscription subscription = new Subscription(types);
        subscriptions.add(subscription);
        return subscription;
    }

    /** Says that nothing more will come: subscribers take what is there, and are done. */
    public void end() {
        ended = true;
    }

    /** What one subscriber has not taken yet. To be closed by it, or it would be told for ever. */
    public final class Subscription implements AutoCloseable {

        private final Set<Event.Type> types;
        private final MpscRing<Told> queue = new MpscRing<>(CAPACITY);
        private final AtomicInteger missed = new AtomicInteger();

        private Subscription(Set<Event.Type> types) {
            this.types = EnumSet.copyOf(types);
        }

        private void offer(Told told) {
            if (types.contains(told.event().type()) && !queue.offer(told)) {
                missed.incrementAndGet();
            }
        }

        /** The next event; null where there is none now. */
        public @Nullable Told poll() {
            return queue.poll();
        }

        /** How many found no place since this was last asked; they came after those that are in the queue. */
        public int takeMissed() {
            return missed.get() == 0 ? 0 : missed.getAndSet(0);
        }

        /** Whether nothing will come after what is in the queue now. */
        public boolean isLast() {
            return ended;
        }

        @Override
        public void close() {
            subscriptions.remove(this);
        }
    }
}
