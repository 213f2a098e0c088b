package io.portcullis.server.runtime;

import io.portcullis.core.ban.Ban;
import io.portcullis.core.ban.BanListener;
import io.portcullis.core.ban.BanStore;
import io.portcullis.server.admin.Handover;
import io.portcullis.server.admin.Refusal;
import io.portcullis.server.store.ReleasableBanStore;
import io.portcullis.server.store.ReleasableBanStore.Released;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process that takes over from this one, while there is one: it is lent the store's file and told of every ban made
 * here from then on. If it leaves before it has said that it serves, the file is taken back, and nothing has been.
 *
 * <p>Thread-safe. Told of bans on event loops, which it only puts into a queue.
 */
final class Successor implements Handover, BanListener {

    private static final Logger LOG = LoggerFactory.getLogger(Successor.class);

    /** As many changes as may wait for a successor that is slow to take them; then it is none. */
    private static final int MOST_NEWS = 100_000;

    /** Between two signs of life, which is also how late its death is noticed. */
    private static final long ALIVE_MILLIS = 500;

    /** To load its bans and to bind. */
    private static final Duration TIME_TO_SERVE = Duration.ofSeconds(60);

    private static final long LAST_NEWS_MILLIS = 2_000;

    /** What the process is asked for; thread-safe each. */
    interface Handing {
        /** Gives each ban in force. */
        void forEachBan(Consumer<Ban> each);

        /** Begins to end, since that process serves. Returns soon. */
        void depart(long successor);

        /** Takes that ban back, where it is in force. */
        void lift(Ban ban);
    }

    private final BanStore store;
    private final Handing process;
    private final BooleanSupplier isOnlyOne;

    private volatile @Nullable Loan loan;
    private volatile boolean departing;

    /** @param isOnlyOne false while this process still waits for its own predecessor to stop accepting */
    Successor(BanStore store, Handing process, BooleanSupplier isOnlyOne) {
        this.store = store;
        this.process = process;
        this.isOnlyOne = isOnlyOne;
    }

    @Override
    public Lease begin(long successor) throws Refusal {
        Loan begun;
        synchronized (this) {
            Loan other = loan;
            if (departing || other != null) {
                throw Handover.refusal(
                        other == null ? "this process ends" : "process " + other.successor + " takes over already",
                        "one successor at a time");
            }
            if (!isOnlyOne.getAsBoolean()) {
                throw Handover.refusal(
                        "this process has itself taken over a moment ago, and its predecessor still accepts connections",
                        "another try in a few seconds");
            }
            begun = new Loan(successor);
            loan = begun; // from here on it is told of changes: none gets lost between the file and the stream
        }
        LOG.info("process {} takes over: it is given the bans, and serves when it has said so", successor);
        try {
            if (store instanceof ReleasableBanStore file) {
                begun.released = file.release();
            }
            return begun;
        } catch (RuntimeException e) {
            begun.close(); // nobody else will
            throw e;
        }
    }

    @Override
    public void depart(long successor) throws Refusal {
        synchronized (this) {
            Loan current = loan;
            if (current == null || current.successor != successor || current.isReturned || departing) {
                throw Handover.refusal(
                        "process " + successor + " has not begun to take over", "POST /v1/take-over before");
            }
            departing = true;
        }
        process.depart(successor);
    }

    /** The process id of the one that serves now; 0 where there is none. */
    long departedFor() {
        Loan current = loan;
        return departing && current != null ? current.successor : 0;
    }

    /** Tells that nothing is accepted here any more. */
    void retired() {
        Loan current = loan;
        if (current != null) {
            current.tell(new Retired());
        }
    }

    /** Tells what there still is to tell, and then that there will be no more. Blocks for a moment. */
    void end() {
        Loan current = loan;
        if (current == null) {
            return;
        }
        current.isLast = true;
        try {
            if (!current.closed.await(LAST_NEWS_MILLIS, TimeUnit.MILLISECONDS)) {
                LOG.warn("process {} did not take the last bans", current.successor);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void banned(Ban ban) {
        Loan current = loan;
        if (current != null) {
            current.banned(ban);
        }
    }

    @Override
    public void unbanned(Ban ban) {
        Loan current = loan;
        if (current != null) {
            current.tell(new Unbanned(ban));
        }
    }

    private final class Loan implements Lease {
        private final long successor;
        private final BlockingQueue<News> news = new LinkedBlockingQueue<>(MOST_NEWS);
        private final CountDownLatch closed = new CountDownLatch(1);
        /** What the store's file lacks: everything, where there is none. Set before the answer begins. */
        private volatile Released released = new Released(false, List.of());

        /** By the thread of the answer. */
        private long listedAt = System.nanoTime();

        private volatile boolean isLast;
        /** Guarded by the successor's lock, as is that it departs: only one of both comes about. */
        private boolean isReturned;

        Loan(long successor) {
            this.successor = successor;
        }

        void banned(Ban ban) {
            tell(new Banned(ban));
        }

        void tell(News one) {
            if (!news.offer(one)) {
                isLast = true;
            }
        }

        @Override
        public void list(Audience audience) throws IOException {
            for (ReleasableBanStore.Change change : released.unwritten()) {
                audience.tell(change.isLifted() ? new Unbanned(change.ban()) : new Banned(change.ban()));
            }
            boolean isAll = !released.isWhole();
            released = new Released(true, List.of()); // it may be long, and this goes on as long as the process
            if (isAll) {
                tellAll(audience); // last, so that none of the changes takes the place of what is in force by now
            }
            audience.tell(new Listed(isAll));
            listedAt = System.nanoTime();
        }

        private void tellAll(Audience audience) throws IOException {
            try {
                process.forEachBan(ban -> {
                    try {
                        audience.tell(new Banned(ban));
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
            } catch (UncheckedIOException gone) {
                throw gone.getCause();
            }
        }

        @Override
        public @Nullable News next() throws InterruptedException {
            boolean last = isLast; // read before what is there, so that nothing comes between
            News one = last ? news.poll() : news.poll(ALIVE_MILLIS, TimeUnit.MILLISECONDS);
            boolean tooLate = !departing && System.nanoTime() - listedAt > TIME_TO_SERVE.toNanos();
            return one == null && !last && !tooLate ? new Alive() : one;
        }

        @Override
        public void close() {
            boolean goesOn;
            synchronized (Successor.this) {
                goesOn = !departing && loan == this && !isReturned;
                isReturned |= goesOn;
            }
            if (goesOn) {
                if (store instanceof ReleasableBanStore file) {
                    file.reclaim(process::lift);
                }
                loan = null;
                LOG.warn("process {} has not taken over; this one goes on", successor);
            }
            closed.countDown();
        }
    }
}
