package io.portcullis.server.observe;

import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A log of lines. An event loop only puts its entry into a ring; one daemon thread looks into it every
 * {@link #POLL_MILLIS}, formats and writes in batches.
 *
 * <p>The writer is never woken by an event loop, since that would cost it a system call. Memory is bounded twice, by
 * entries and by the characters in them: strangers choose the length of what is logged. What does not fit is dropped
 * and counted.
 *
 * <p>Where the lines go and how they look may change at any time ({@link #use}): the writer takes the change over
 * between two rounds, so no entry is lost by it. What was recorded before goes to the old place or the new one.
 *
 * <p>Threads: the writer alone has {@link #round} and what it calls; everything else any.
 */
final class LineLog<E extends LogEntry> {
    /**
     * Four polls at 200,000 exchanges a second, ten times what two cores proxy; a disk that stalls for a second is
     * ridden out at 16,000 a second.
     */
    static final int CAPACITY = 16_384;

    /** 512 an entry of a full ring; heads of the largest size allowed would otherwise add up to hundreds of MiB. */
    static final long MAX_QUEUED_CHARS = 8L * 1024 * 1024;

    static final long POLL_MILLIS = 20;

    /** How long after {@link #end} its writing is waited for. */
    static final long CLOSE_MILLIS = 5_000;

    private static final int BATCH_BYTES = 64 * 1024;
    private static final Logger LOG = LoggerFactory.getLogger(Logs.class);

    /** How the lines look and where they go. Used by the writer alone. */
    record Target<E extends LogEntry>(LineFormat<E> format, LineOutlet outlet) {}

    private record Change<E extends LogEntry>(@Nullable Target<E> target) {}

    private final String name;
    private final RareWarning dropWarning;
    private final RareWarning formatWarning;
    private final MpscRing<E> ring = new MpscRing<>(CAPACITY);
    private final AtomicLong queuedChars = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicReference<@Nullable Change<E>> change = new AtomicReference<>();
    private final LineBuffer lines = new LineBuffer(BATCH_BYTES * 2);
    /** Null while the log is off. The writer's. */
    private @Nullable Target<E> target;

    private long droppedTold;
    private volatile boolean on;
    private volatile boolean reopening;
    private volatile boolean ending;
    private volatile long endNanos;
    private volatile @Nullable Thread writer;

    /** @param name as messages have it */
    LineLog(String name, InstantSource clock) {
        this.name = name;
        this.dropWarning = new RareWarning(clock);
        this.formatWarning = new RareWarning(clock);
    }

    /** From now on; null for nowhere. The writer is started with the first target. */
    synchronized void use(@Nullable Target<E> next) {
        set(next);
        Thread thread = writer;
        if (thread == null && next != null) {
            thread = new Thread(this::writeUntilEnd, "portcullis-" + name.replace(' ', '-'));
            thread.setDaemon(true);
            writer = thread;
            thread.start();
        }
        LockSupport.unpark(thread);
    }

    /** Without a writer: for a test, which calls {@link #round} itself. */
    void set(@Nullable Target<E> next) {
        change.set(new Change<>(next));
        on = next != null;
    }

    /** Whether entries are wanted. */
    boolean isOn() {
        return on;
    }

    /** Called on event loops: neither blocks nor throws, and drops the entry where it must. */
    void record(E entry) {
        int chars = entry.length();
        if (queuedChars.addAndGet(chars) > MAX_QUEUED_CHARS || !ring.offer(entry)) {
            queuedChars.addAndGet(-chars);
            dropped.incrementAndGet();
        }
    }

    /** How many entries were dropped since the start. */
    long dropped() {
        return dropped.get();
    }

    /** Has the file opened anew, soon. */
    void reopen() {
        reopening = true;
        LockSupport.unpark(writer);
    }

    private void writeUntilEnd() {
        boolean last;
        do {
            // Read before the round, so that what was recorded before end() is in the last one.
            last = ending;
            round(last);
            if (!last) {
                pause();
            }
        } while (!last);
        Target<E> at = target;
        if (at == null) {
            return;
        }
        at.outlet().close();
        if (ring.size() > 0 || !lines.isEmpty()) {
            LOG.warn("the {} ends with {} records and {} bytes unwritten", name, ring.size(), lines.length());
        }
    }

    private void pause() {
        if (target == null) {
            LockSupport.park(this); // whoever changes that wakes it
        } else {
            LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(POLL_MILLIS));
        }
    }

    /** @param last whether to try even an outlet that has just failed */
    void round(boolean last) {
        takeChange();
        Target<E> at = target;
        if (at == null) {
            return;
        }
        if (reopening) {
            reopening = false;
            at.outlet().reopen(lines);
        }
        if (last || !at.outlet().isResting()) {
            drain(at);
            if (lines.isEmpty()) {
                at.outlet().open(lines);
            }
        }
        tellDropped(at.outlet());
    }

    private void takeChange() {
        Change<E> taken = change.getAndSet(null);
        if (taken == null) {
            return;
        }
        Target<E> old = target;
        if (old != null) {
            if (taken.target() == null) {
                // Who has asked isOn() before the change may be about to record.
                LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(POLL_MILLIS));
            }
            drain(old);
            old.outlet().close();
            lines.rewindToLineStart();
        }
        target = taken.target();
    }

    /** Writes everything that is queued, until the outlet fails. */
    private void drain(Target<E> at) {
        if (!lines.isEmpty() && !at.outlet().write(lines)) {
            return;
        }
        E entry;
        while ((entry = ring.poll()) != null) {
            queuedChars.addAndGet(-entry.length());
            append(entry, at.format());
            if (lines.length() >= BATCH_BYTES && !at.outlet().write(lines)) {
                return;
            }
        }
        if (!lines.isEmpty()) {
            at.outlet().write(lines);
        }
    }

    private void append(E entry, LineFormat<E> format) {
        int lineStart = lines.length();
        try {
            format.append(entry, lines);
        } catch (RuntimeException bug) {
            // One line is lost, the log goes on.
            lines.truncate(lineStart);
            dropped.incrementAndGet();
            if (formatWarning.isDue()) {
                LOG.error("a line of the {} could not be formatted and is left out", name, bug);
            }
        }
    }

    private void tellDropped(LineOutlet outlet) {
        long now = dropped.get();
        if (now > droppedTold && dropWarning.isDue()) {
            LOG.warn(
                    "{} records of the {} dropped since last told, {} in all: {}",
                    now - droppedTold,
                    name,
                    now,
                    outlet.slowness());
            droppedTold = now;
        }
    }

    /** Has what was recorded before the call written, and returns at once: {@link #awaitEnd} waits for that. */
    void end() {
        endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CLOSE_MILLIS);
        ending = true;
        LockSupport.unpark(writer);
    }

    /** Waits until it is written, in bounded time. */
    void awaitEnd() {
        Thread thread = writer;
        if (thread == null) {
            return;
        }
        try {
            thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            LOG.warn("the {} ends with nobody taking its lines for {} ms", name, CLOSE_MILLIS);
        }
    }
}
