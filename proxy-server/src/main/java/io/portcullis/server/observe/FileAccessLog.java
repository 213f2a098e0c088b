package io.portcullis.server.observe;

import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The access log in a file. An event loop only puts its record into a ring; one daemon thread looks into it every
 * {@link #POLL_MILLIS}, formats and writes in batches.
 *
 * <p>The writer is never woken by an event loop, since that would cost it a system call. Memory is bounded twice, by
 * records and by the characters in them: strangers choose the length of what is logged. What does not fit is dropped
 * and counted.
 *
 * <p>Threads: {@link #record} and {@link #dropped} any; {@link #drain} the writer alone.
 */
final class FileAccessLog implements AccessLog {
    /**
     * Four polls at 200,000 exchanges a second, ten times what two cores proxy; a disk that stalls for a second is
     * ridden out at 16,000 a second.
     */
    static final int CAPACITY = 16_384;

    /** 512 a record of a full ring; heads of the largest size allowed would otherwise add up to hundreds of MiB. */
    static final long MAX_QUEUED_CHARS = 8L * 1024 * 1024;

    static final long POLL_MILLIS = 20;

    /** How long {@link #close} waits for the disk. */
    static final long CLOSE_MILLIS = 5_000;

    private static final int BATCH_BYTES = 64 * 1024;
    private static final Logger LOG = LoggerFactory.getLogger(AccessLog.class);

    private final AccessLogFormat format;
    private final AccessLogFile file;
    private final RareWarning dropWarning;
    private final RareWarning formatWarning;
    private final MpscRing<AccessRecord> ring = new MpscRing<>(CAPACITY);
    private final AtomicLong queuedChars = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final LineBuffer lines = new LineBuffer(BATCH_BYTES * 2);
    private long droppedTold;
    private volatile boolean closing;
    private volatile @Nullable Thread writer;

    FileAccessLog(AccessLogFormat format, AccessLogFile file, InstantSource clock) {
        this.format = format;
        this.file = file;
        this.dropWarning = new RareWarning(clock);
        this.formatWarning = new RareWarning(clock);
    }

    static FileAccessLog start(AccessLogFormat format, AccessLogFile file, InstantSource clock) {
        FileAccessLog log = new FileAccessLog(format, file, clock);
        Thread thread = new Thread(log::writeUntilClosed, "portcullis-access-log");
        thread.setDaemon(true);
        log.writer = thread;
        thread.start();
        return log;
    }

    @Override
    public void record(AccessRecord entry) {
        int chars = entry.length();
        if (queuedChars.addAndGet(chars) > MAX_QUEUED_CHARS || !ring.offer(entry)) {
            queuedChars.addAndGet(-chars);
            dropped.incrementAndGet();
        }
    }

    @Override
    public long dropped() {
        return dropped.get();
    }

    private void writeUntilClosed() {
        boolean last;
        do {
            // Read before draining, so that what was recorded before close() is in the last round.
            last = closing;
            if (last || !file.isResting()) {
                drain();
            }
            tellDropped();
            if (!last) {
                LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(POLL_MILLIS));
            }
        } while (!last);
        file.close();
        if (ring.size() > 0 || !lines.isEmpty()) {
            LOG.warn("the access log ends with {} records and {} bytes unwritten", ring.size(), lines.length());
        }
    }

    /** Writes everything that is queued, until the file fails. */
    void drain() {
        if (!lines.isEmpty() && !file.write(lines)) {
            return;
        }
        AccessRecord entry;
        while ((entry = ring.poll()) != null) {
            queuedChars.addAndGet(-entry.length());
            append(entry);
            if (lines.length() >= BATCH_BYTES && !file.write(lines)) {
                return;
            }
        }
        if (!lines.isEmpty()) {
            file.write(lines);
        }
    }

    private void append(AccessRecord entry) {
        int lineStart = lines.length();
        try {
            format.append(entry, lines);
        } catch (RuntimeException bug) {
            // One line is lost, the log goes on.
            lines.truncate(lineStart);
            dropped.incrementAndGet();
            if (formatWarning.isDue()) {
                LOG.error("an access log line could not be formatted and is left out", bug);
            }
        }
    }

    void tellDropped() {
        long now = dropped.get();
        if (now > droppedTold && dropWarning.isDue()) {
            LOG.warn(
                    "{} access log records dropped since last told, {} in all: the disk is slower than the traffic"
                            + " (look at its load and free space, or set log.format = off)",
                    now - droppedTold,
                    now);
            droppedTold = now;
        }
    }

    @Override
    public void close() {
        closing = true;
        Thread thread = writer;
        if (thread == null) {
            return;
        }
        LockSupport.unpark(thread);
        try {
            thread.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            LOG.warn("the access log ends with its disk not answering for {} ms", CLOSE_MILLIS);
        }
    }
}
