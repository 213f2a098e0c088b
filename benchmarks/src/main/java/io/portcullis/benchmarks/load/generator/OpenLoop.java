package io.portcullis.benchmarks.load.generator;

import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Requests at a rate that nothing slows down: the n-th is due n intervals after the start, whatever became of those before
 * it. One that finds no free connection waits for the next, and how long it took counts from when it was due; so an answer
 * that stalls is felt by all that would have come meanwhile, as it is by users. (A load that waits with them leaves them
 * out: "coordinated omission", Gil Tene.)
 *
 * <p>How late the load itself was, where a connection was free at the due time, is in the figures ("late-p99", "late-max",
 * in microseconds): what it adds to the latencies.
 */
class OpenLoop extends Crowd {

    private static final int DIGITS = 3;
    private static final double PERCENTILE = 99;

    private final Deque<Connection> free = new ArrayDeque<>();
    private final Histogram lateness = new Histogram(DIGITS);
    private @Nullable ScheduledFuture<?> timer;
    private Schedule schedule = Schedule.NONE;
    private long next;
    private int reconnects;

    OpenLoop(Dialer dialer, LoadOptions options, Requests requests) {
        super(dialer, options, requests);
    }

    @Override
    final void begin() {
        schedule = Schedule.of(start(), options().count(Option.RATE), roundNanos());
        next = 0;
        reconnects = 0;
        lateness.reset();
        free.clear();
        for (int slot = 0; slot < size(); slot++) {
            Connection connection = at(slot);
            if (connection == null) {
                dial(slot);
            } else {
                free.add(connection);
            }
        }
        dispatch(true);
    }

    @Override
    final void joined(Connection connection) {
        boolean onTime = isAnyFree();
        free.add(connection);
        dispatch(onTime);
    }

    @Override
    public final void answered(Connection connection) {
        countAnswer(connection, System.nanoTime());
        boolean onTime = isAnyFree();
        if (connection.isReusable()) {
            free.add(connection);
        } else {
            connection.close();
            reconnects++;
            dialLater(connection.slot());
        }
        dispatch(onTime);
        endIfQuiet();
    }

    /** Counts an answer. */
    void countAnswer(Connection connection, long now) {
        count(connection, now);
    }

    @Override
    public final void lost(Connection connection, Fault fault) {
        if (isOpening()) {
            lostAtOpening(connection, fault);
            return;
        }
        if (connection.stage() == Connection.Stage.BUSY) {
            tally().failed(fault);
            tally().latency(System.nanoTime() - connection.since());
        } else {
            reconnects++;
        }
        dialLater(connection.slot());
    }

    @Override
    final boolean isDone() {
        return next == schedule.count() || isLongOver();
    }

    /** Those that were never sent waited until now, at least: leaving them out would flatter the peer. */
    @Override
    final void complete(Tally ended) {
        long now = System.nanoTime();
        ended.failed(Fault.UNSENT, schedule.count() - next);
        for (; next < schedule.count(); next++) {
            ended.latency(now - schedule.due(next));
        }
        ended.figure("reconnects", reconnects);
        ended.figure("late-p99", lateness.getValueAtPercentile(PERCENTILE) / 1e3);
        ended.figure("late-max", lateness.getMaxValue() / 1e3);
    }

    /**
     * Sends what is due, and comes back when the next is.
     *
     * @param onTime whether a connection was free before: that something is sent late is the load's own doing then
     */
    private void dispatch(boolean onTime) {
        if (isLongOver()) {
            return;
        }
        long now = System.nanoTime();
        while (next < schedule.count() && schedule.due(next) <= now) {
            Connection connection = nextFree();
            if (connection == null) {
                return;
            }
            if (onTime) {
                lateness.recordValue(now - schedule.due(next));
            }
            connection.send(schedule.due(next));
            next++;
        }
        if (next < schedule.count() && timer == null) {
            long wait = Math.max(1, schedule.due(next) - now);
            timer = loop().schedule(
                            () -> {
                                timer = null;
                                dispatch(true);
                            },
                            wait,
                            TimeUnit.NANOSECONDS);
        }
    }

    private boolean isAnyFree() {
        while (!free.isEmpty() && free.getFirst().stage() != Connection.Stage.FREE) {
            free.removeFirst();
        }
        return !free.isEmpty();
    }

    private @Nullable Connection nextFree() {
        return isAnyFree() ? free.removeFirst() : null;
    }
}
