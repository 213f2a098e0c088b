package io.portcullis.server.store;

import io.portcullis.core.ban.Ban;
import io.portcullis.core.ban.Ban.Grounds;
import io.portcullis.core.ban.BanScope;
import io.portcullis.core.net.ClientKey;
import io.portcullis.server.store.ChangeQueue.Change;
import io.portcullis.server.store.Questions.Question;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps bans in a file, written behind by a thread of its own.
 *
 * <p>An event loop only adds to a {@link ChangeQueue}. The thread takes what is there every {@link #POLL_MILLIS}, writes
 * it and has it on the disk before it looks again, so a process that is killed loses a fraction of a second. While the
 * file can't be used, changes wait in the queue and the file is tried again every {@link #RETRY_MILLIS}; where they were
 * too many to keep, what the engine has in force is written instead.
 *
 * <p>Threads: {@link #banned}, {@link #unbanned} and {@link #grounds} any; {@link #start} and {@link #close} the one that
 * owns the process; everything else the store's thread, which {@link #start} makes when it is done with the file.
 */
final class FileBanStore implements LendableStore {

    static final String LOG_NAME = "io.portcullis.store";

    static final long POLL_MILLIS = 200;
    static final long RETRY_MILLIS = 5_000;

    /** How late a file that was deleted or replaced may be noticed; also how often space is given back. */
    static final long UPKEEP_MILLIS = 1_000;

    /** Between two looks at all bans for those to forget. */
    static final long PURGE_PAUSE_MILLIS = 60_000;

    /** At a time: some 10 ms, so that new bans are not kept waiting. */
    static final int PURGE_BANS = 20_000;

    /** Changes to a commit. */
    private static final int BATCH = 8_192;

    private static final long CLOSE_MILLIS = 5_000;
    private static final Logger LOG = LoggerFactory.getLogger(LOG_NAME);

    private final BanFolder folder;
    private final Bounds bounds;
    private final InstantSource clock;
    private final BansInForce inForce;
    private final ChangeQueue queue = new ChangeQueue();
    private final Questions questions = new Questions();
    /** Taken from the queue and not yet on the disk. */
    private final ArrayDeque<Change> backlog = new ArrayDeque<>();

    private Intake intake = Intake.ofNothing();
    private @Nullable BanFile file;
    private volatile @Nullable String toldOf;
    private boolean toldFull;
    private volatile boolean loaded;
    private boolean running;
    /** Whether the file may lack some of what is in force, or hold what was taken back. */
    private boolean missedChanges;

    private long retryAtMillis = Long.MIN_VALUE;
    private long upkeepAtMillis = Long.MIN_VALUE;
    private long purgeAtMillis = Long.MIN_VALUE;

    private volatile boolean closing;
    private volatile @Nullable Thread writer;

    /**
     * What is kept.
     *
     * @param remember how long an ended ban is, asked each time: a reload may change it
     * @param maxBans in the file, those that are over among them
     */
    record Bounds(Supplier<Duration> remember, long maxBans) {}

    FileBanStore(BanFolder folder, Bounds bounds, InstantSource clock, BansInForce inForce) {
        this.folder = folder;
        this.bounds = bounds;
        this.clock = clock;
        this.inForce = inForce;
    }

    @Override
    public void start(Consumer<Ban> known) {
        begin(known);
        Thread thread = new Thread(this::runUntilClosed, "portcullis-ban-store");
        thread.setDaemon(true);
        writer = thread;
        thread.start();
    }

    /** Loads, and leaves it to the caller to make the {@link #round}s. */
    void begin(Consumer<Ban> known) {
        intake = new Intake(known);
        long startNanos = System.nanoTime();
        round();
        running = true;
        if (loaded) {
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
            LOG.info("{} bans read from {} in {} ms", intake.given(), folder.file(), millis);
        }
    }

    @Override
    public void banned(Ban ban) {
        queue.add(ban, false);
    }

    @Override
    public void unbanned(Ban ban) {
        queue.add(ban, true);
    }

    @Override
    public Condition condition() {
        return new Condition(Optional.ofNullable(toldOf), queue.weight());
    }

    @Override
    public boolean isLoaded() {
        return loaded;
    }

    @Override
    public Unwritten unwritten() {
        Thread thread = writer;
        if (thread != null && thread.isAlive()) {
            return new Unwritten(true, List.of()); // it does not answer, and the rest is its own
        }
        boolean isUnbounded = !loaded || missedChanges || toldFull || toldOf != null || queue.takeOverflow();
        return new Unwritten(isUnbounded, List.copyOf(backlog));
    }

    /** Answered on the store's thread, which what depends on the answer must not keep. */
    @Override
    public CompletionStage<Grounds> grounds(ClientKey client, BanScope scope, long since) {
        CompletionStage<Grounds> answer = questions.ask(client, scope, since);
        LockSupport.unpark(writer);
        return answer;
    }

    private void runUntilClosed() {
        boolean last;
        do {
            // Read before the round, so that what was told before close() is in the last one.
            last = closing;
            if (last) {
                retryAtMillis = Long.MIN_VALUE;
            }
            round();
            if (!last && questions.isEmpty()) {
                LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(POLL_MILLIS));
            }
        } while (!last);
        end();
    }

    /** Writes what is there to write, and answers who asked. Does not throw. */
    void round() {
        queue.takeInto(backlog);
        if (!work() && file != null) {
            work(); // with the new file, which lacks what came last
        }
        questions.answer(this::answerTo);
    }

    /** False where there was a fault, which is dealt with as far as that can be. */
    private boolean work() {
        try {
            BanFile open = openedFile();
            if (open != null) {
                writeBacklog(open);
                load(open);
                writeMissed(open);
                upkeep(open);
                tellUsable();
            }
            return true;
        } catch (StoreFault fault) {
            recover(fault);
        } catch (RuntimeException | AssertionError | StackOverflowError | OutOfMemoryError e) {
            recover(StoreFault.of(folder.file(), e));
        }
        return false;
    }

    /** Null while it is too early to try again. */
    private @Nullable BanFile openedFile() throws StoreFault {
        long now = clock.millis();
        if (file != null && now >= upkeepAtMillis && folder.isMoved()) {
            LOG.warn("{} was moved away or deleted; what is in force is written anew", folder.file());
            abandonFile();
            missedChanges = true;
            // Another one may be there by now, and hold what the engine does not know.
            loaded = false;
        }
        if (file == null && now >= retryAtMillis) {
            BanFile opened = folder.open();
            file = opened;
            missedChanges |= running && opened.isNew();
        }
        return file;
    }

    private void writeBacklog(BanFile open) {
        if (open.isReadOnly()) {
            return; // it is read, then given up
        }
        while (!backlog.isEmpty()) {
            long now = clock.millis();
            int batch = 0;
            Iterator<Change> changes = backlog.iterator();
            while (batch < BATCH && changes.hasNext()) {
                write(changes.next(), open, now);
                batch++;
            }
            open.commit();
            for (; batch > 0; batch--) {
                queue.release(backlog.removeFirst());
            }
        }
    }

    private void write(Change change, BanFile open, long now) {
        if (change.lifted) {
            open.lift(change.ban, now);
        } else if (open.size() < bounds.maxBans()) {
            open.put(change.ban);
        } else {
            tellFull();
        }
    }

    private void load(BanFile open) throws StoreFault {
        int damaged = 0;
        boolean first = !loaded;
        if (first) {
            damaged = open.load(intake, remembrance());
            loaded = true;
        }
        if (open.isReadOnly()) {
            throw StoreFault.readOnly(folder.file());
        }
        // Neither is written on: MVStore may find nothing whole any more in a file with damage that has been added to.
        if (first && open.isSetBack()) {
            throw StoreFault.setBack(folder.file());
        }
        if (damaged > 0) {
            throw StoreFault.unsoundBans(folder.file(), damaged);
        }
        open.commit();
    }

    private Remembrance remembrance() {
        return new Remembrance(clock.millis(), bounds.remember().get().toMillis());
    }

    /** Writes what the engine has where changes were dropped. Those that come meanwhile wait in the queue. */
    private void writeMissed(BanFile open) {
        missedChanges |= queue.takeOverflow();
        if (!missedChanges) {
            return;
        }
        List<Ban> all = new ArrayList<>();
        try {
            inForce.forEach(all::add);
        } catch (RuntimeException bug) {
            LOG.error("the bans in force could not be told; {} may lack some", folder.file(), bug);
            missedChanges = false;
            return;
        }
        long[] fingerprints = new long[all.size()];
        for (int i = 0; i < fingerprints.length; i++) {
            Ban ban = all.get(i);
            open.put(ban);
            fingerprints[i] =
                    StoredKey.fingerprint(ban.client(), ban.since(), ban.scope().hashCode());
            if (i % BATCH == BATCH - 1) {
                open.commit();
            }
        }
        Arrays.sort(fingerprints);
        open.retainInForce(fingerprints, clock.millis());
        open.commit();
        missedChanges = false;
    }

    private void upkeep(BanFile open) {
        long now = clock.millis();
        if (now < upkeepAtMillis) {
            return;
        }
        upkeepAtMillis = now + UPKEEP_MILLIS;
        boolean full = open.size() >= bounds.maxBans();
        if (full || now >= purgeAtMillis) {
            // Those that are over make room before one in force is left out.
            boolean whole = open.purge(full ? new Remembrance(now, 0) : remembrance(), PURGE_BANS);
            open.commit();
            if (whole) {
                purgeAtMillis = now + PURGE_PAUSE_MILLIS;
                full = open.size() >= bounds.maxBans();
                missedChanges |= full; // the engine gave some up: it has a bound, too
                toldFull &= full;
            }
        }
        open.tidy();
    }

    private void tellFull() {
        if (!toldFull) {
            toldFull = true;
            LOG.warn(
                    "{} holds {} bans, as many as it may (twice bans.max-bans); further ones are in force, but a restart"
                            + " would forget them until some have ended",
                    folder.file(),
                    bounds.maxBans());
        }
    }

    private void tellUsable() {
        if (toldOf != null) {
            toldOf = null;
            LOG.info("{} is written again, with everything in force", folder.file());
        }
    }

    /** With another file where this one is the trouble, else later. */
    private void recover(StoreFault fault) {
        abandonFile();
        StoreFault lasting = fault;
        if (fault.kind().isOfFile()) {
            try {
                file = folder.renew(fault, loaded ? Intake.ofNothing() : intake, bounds.maxBans());
                loaded = true;
                missedChanges |= running;
                return;
            } catch (StoreFault renewal) {
                lasting = renewal;
            }
        }
        retryAtMillis = clock.millis() + RETRY_MILLIS;
        if (!lasting.getMessage().equals(toldOf)) {
            toldOf = lasting.getMessage();
            LOG.warn(
                    "{}. Bans go on from memory, and would be forgotten with the process; tried again every {} s",
                    toldOf,
                    RETRY_MILLIS / 1_000);
        }
    }

    /** Closes the file as it is. */
    void abandonFile() {
        BanFile open = file;
        file = null;
        if (open != null) {
            open.abandon();
        }
    }

    private Grounds answerTo(Question question) {
        for (Iterator<Change> latest = backlog.descendingIterator(); latest.hasNext(); ) {
            Ban ban = latest.next().ban;
            if (question.isOf(ban)) {
                return ban.grounds();
            }
        }
        BanFile open = file;
        try {
            return open == null ? Grounds.UNTOLD : open.grounds(question.client(), question.scope(), question.since());
        } catch (RuntimeException | AssertionError | StackOverflowError e) {
            recover(StoreFault.of(folder.file(), e));
            return Grounds.UNTOLD;
        }
    }

    private void end() {
        BanFile open = file;
        file = null;
        try {
            if (open != null) {
                open.close();
            }
        } catch (RuntimeException | AssertionError e) {
            // All that was told is committed, or is counted below.
            LOG.debug("closing {}", folder.file(), e);
        }
        if (!backlog.isEmpty()) {
            LOG.warn("{} changes of the ban list are not in {} and are forgotten", backlog.size(), folder.file());
        }
        questions.end();
    }

    @Override
    public void close() {
        closing = true;
        Thread thread = writer;
        if (thread == null) {
            end();
            return;
        }
        LockSupport.unpark(thread);
        try {
            thread.join(CLOSE_MILLIS);
            if (thread.isAlive()) {
                LOG.warn("{} does not answer; the last changes of the ban list may be lost", folder.file());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
