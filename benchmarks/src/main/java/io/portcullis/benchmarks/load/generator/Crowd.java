package io.portcullis.benchmarks.load.generator;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The connections of a load and the course of its rounds: opened, led in, measured as often as asked, each until the last answer is there.
 * What is sent when is the kinds' own. Of the event loop.
 */
abstract class Crowd implements Work, Connection.Owner {

    /** So many connect at once while the connections are opened: more would overrun a peer's backlog. */
    private static final int OPENING = 64;
    /** While they are opened, so many may fail: a peer that has just begun may lose one. */
    private static final int OPENING_FAULTS = 3;

    private static final long RETRY_MILLIS = 5;
    private static final long SWEEP_MILLIS = 20;

    private final Dialer dialer;
    private final LoadOptions options;
    private final Requests requests;
    private final @Nullable Connection[] slots;
    private final Promise<Void> prepared;
    private final long timeout;
    private Promise<Outcome> measured;
    private Tally tally = new Tally();
    private boolean opening;
    private boolean inRound;
    private boolean closed;
    private int opened;
    private int slices;
    private long slower;
    private int openingFaults;
    private long start;
    private long end;
    private long lastAnswer;

    Crowd(Dialer dialer, LoadOptions options, Requests requests) {
        this.dialer = dialer;
        this.options = options;
        this.requests = requests;
        this.slots = new Connection[options.count(Option.CONNECTIONS)];
        this.timeout = options.nanos(Option.TIMEOUT);
        this.prepared = dialer.loop().newPromise();
        this.measured = dialer.loop().newPromise();
    }

    /** A round begins: sends the first requests. */
    abstract void begin();

    /** A connection stands in a round: the first, or one in another's place. */
    abstract void joined(Connection connection);

    /** Whether nothing more is sent in this round. */
    boolean isDone() {
        return isOver();
    }

    /** Whether connections stand before the first round. */
    boolean standsBefore() {
        return true;
    }

    /** What a round ends with: figures, and what was never sent. */
    void complete(Tally ended) {}

    @Override
    public final Future<Void> prepare() {
        if (standsBefore()) {
            opening = true;
            for (int slot = 0; slot < Math.min(OPENING, slots.length); slot++) {
                dial(slot);
            }
        } else {
            leadIn();
        }
        loop().scheduleWithFixedDelay(this::sweep, SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
        return prepared;
    }

    @Override
    public final Future<Outcome> measure() {
        measured = loop().newPromise();
        round(options.nanos(Option.SECONDS));
        return measured;
    }

    @Override
    public void close() {
        closed = true;
        for (Connection connection : slots) {
            if (connection != null) {
                connection.abort();
            }
        }
        requests.close();
    }

    @Override
    public void ready(Connection connection) {
        if (opening) {
            opened();
        } else if (inRound) {
            joined(connection);
        }
    }

    /** A connection is as it must be before the first round. */
    final void opened() {
        opened++;
        int next = opened + OPENING - 1;
        if (next < slots.length) {
            dial(next);
        }
        if (opened == slots.length) {
            opening = false;
            leadIn();
        }
    }

    /** Opens a connection in that place, in which none is. */
    final void dial(int slot) {
        if (!closed) {
            Connection connection = new Connection(this, slot, dialer.isTls(), requests);
            slots[slot] = connection;
            dialer.dial(connection);
        }
    }

    /** The same after a moment: a peer that refuses must not be what the load's processor is spent on. */
    final void dialLater(int slot) {
        slots[slot] = null;
        loop().schedule(
                        () -> {
                            if (slots[slot] == null && (opening || !isDone())) {
                                dial(slot);
                            }
                        },
                        RETRY_MILLIS,
                        TimeUnit.MILLISECONDS);
    }

    /** A connection was lost before the first round. */
    final void lostAtOpening(Connection connection, Fault fault) {
        openingFaults++;
        if (openingFaults > OPENING_FAULTS) {
            opening = false;
            prepared.tryFailure(new IllegalStateException(
                    openingFaults + " connections to " + options.target() + " failed before the first of its "
                            + slots.length + " stood by: " + fault.key() + " (expected: all stand)"));
        } else {
            dialLater(connection.slot());
        }
    }

    final boolean isOpening() {
        return opening;
    }

    /** Whether the time of the round is over, in which requests are begun. */
    final boolean isOver() {
        return !inRound || System.nanoTime() >= end;
    }

    /** Whether it has been over for as long as an answer is waited for. */
    final boolean isLongOver() {
        return !inRound || System.nanoTime() >= end + timeout;
    }

    /** Counts an answer by its status and the time it took. */
    final void count(Connection connection, long now) {
        AnswerReader answer = connection.answer();
        lastAnswer = now;
        if (answer.status() == 0 || answer.status() / 100 == 2) {
            tally.answered(now - connection.since(), answer.octets() + requests.bodyOctets());
        } else {
            tally.status(answer.status());
            tally.failed(Fault.STATUS);
            tally.latency(now - connection.since());
        }
    }

    /** Ends the round if nothing more is sent, and the last answer is there. */
    final void endIfQuiet() {
        if (inRound && isDone() && isQuiet()) {
            endRound();
        }
    }

    final Tally tally() {
        return tally;
    }

    final LoadOptions options() {
        return options;
    }

    final EventLoop loop() {
        return dialer.loop();
    }

    final @Nullable Connection at(int slot) {
        return slots[slot];
    }

    final int size() {
        return slots.length;
    }

    final long start() {
        return start;
    }

    /** How long the round sends, in nanoseconds. */
    final long roundNanos() {
        return end - start;
    }

    /** When the last answer came. */
    final void answeredAt(long now) {
        lastAnswer = now;
    }

    /** While slices do more and more, the compilers of one end or the other are still at it. */
    private void leadIn() {
        long nanos = options.nanos(Option.LEAD_IN) / LeadIn.SLICES;
        boolean faster = slices > 0 && tally.requests() > slower * LeadIn.STILL_WARMING;
        slower = slices > 0 ? tally.requests() : 0;
        if (nanos == 0 || slices >= (faster ? LeadIn.MOST_SLICES : LeadIn.SLICES)) {
            prepared.trySuccess(null);
        } else {
            slices++;
            round(nanos);
        }
    }

    private void round(long nanos) {
        tally = new Tally();
        inRound = true;
        start = System.nanoTime();
        lastAnswer = start;
        end = start + nanos;
        begin();
    }

    private void endRound() {
        inRound = false;
        complete(tally);
        if (!prepared.isDone()) {
            leadIn();
        } else {
            long over = lastAnswer == start ? System.nanoTime() : lastAnswer;
            measured.trySuccess(new Outcome(tally, (over - start) / 1e9));
        }
    }

    private boolean isQuiet() {
        for (Connection connection : slots) {
            if (connection != null && isWaitedFor(connection)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isWaitedFor(Connection connection) {
        return connection.stage() == Connection.Stage.BUSY || connection.stage() == Connection.Stage.CONNECTING;
    }

    /** Gives up what has taken too long, as long as there is something to wait for. */
    private void sweep() {
        if (closed) {
            return;
        }
        long now = System.nanoTime();
        for (Connection connection : slots) {
            if (connection != null && isWaitedFor(connection) && now - connection.since() > timeout) {
                connection.timeOut();
            }
        }
        endIfQuiet();
    }
}
