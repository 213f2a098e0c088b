package io.portcullis.server.exchange;

import io.portcullis.server.observe.metrics.WorkerMeter;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The time-outs of one event loop.
 *
 * <p>A connection's time-out changes several times in every exchange and almost never strikes, so setting one must cost
 * nothing: it is three field writes against a clock that {@link #sweep} moves on, and the sweep, a few times a second,
 * walks all of them. A time-out never strikes early, and up to two sweeps late.
 *
 * <p>Owned by its event loop.
 */
public final class Deadlines {

    private static final Logger LOG = LoggerFactory.getLogger(Deadlines.class);

    /** Between two sweeps. Short against every time-out that makes sense, long against the walk. */
    public static final long SWEEP_MILLIS = WorkerMeter.TICK_MILLIS;

    private static final long SWEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(SWEEP_MILLIS);
    private static final long NEVER = Long.MAX_VALUE;

    private final LongSupplier nanoTime;
    private long now;
    private @Nullable Deadline first;

    /** The next one a sweep visits; moved on when that one is removed. */
    private @Nullable Deadline next;

    public Deadlines(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.now = nanoTime.getAsLong();
    }

    /** Calls {@link Deadline#expired} of each that is over; a fault in one keeps none of the others from it. */
    public void sweep() {
        now = nanoTime.getAsLong();
        Deadline deadline = first;
        while (deadline != null) {
            next = deadline.after;
            if (deadline.at != NEVER && deadline.at - now <= 0) {
                deadline.at = NEVER;
                try {
                    deadline.expired();
                } catch (RuntimeException | OutOfMemoryError e) { // direct memory, too, is missed by such an Error
                    LOG.error("internal fault at the time-out of {}. Please report this", deadline, e);
                }
            }
            deadline = next;
        }
    }

    /** A time-out that can be set again and again. Made by its owner on the event loop, and removed at its end. */
    public abstract static class Deadline {
        private final Deadlines all;
        private long at = NEVER;
        private long since;
        private @Nullable Deadline before;
        private @Nullable Deadline after;

        protected Deadline(Deadlines all) {
            this.all = all;
            after = all.first;
            if (after != null) {
                after.before = this;
            }
            all.first = this;
        }

        /**
         * Strikes that long from now, unless set again before. The last sweep, by whose time it is set, may be as long
         * ago as the next one is away from it.
         */
        public final void set(long nanos) {
            since = all.now;
            at = since + SWEEP_NANOS + nanos;
        }

        /** When it was set, to within two sweeps; in nanoseconds that mean something to each other only. */
        final long since() {
            return since;
        }

        public final void clear() {
            at = NEVER;
        }

        public final void remove() {
            at = NEVER;
            if (all.next == this) {
                all.next = after;
            }
            if (before != null) {
                before.after = after;
            } else if (all.first == this) {
                all.first = after;
            }
            if (after != null) {
                after.before = before;
            }
            before = null;
            after = null;
        }

        protected abstract void expired();
    }
}
