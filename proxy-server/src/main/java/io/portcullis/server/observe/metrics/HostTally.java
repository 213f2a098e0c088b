package io.portcullis.server.observe.metrics;

/** What one event loop has counted of a virtual host's exchanges. Written by that event loop alone. */
public final class HostTally {

    /** What the log has for an exchange without an answer. */
    static final int DROPPED = 444;

    /** 1xx to 5xx, and without an answer. */
    static final int OUTCOMES = 6;

    static final int RECEIVED = OUTCOMES;
    static final int SENT = RECEIVED + 1;
    static final int FIRST_BYTE = SENT + 1;
    static final int DURATION = FIRST_BYTE + Buckets.CELLS;

    private static final int WITHOUT_ANSWER = OUTCOMES - 1;
    private static final int CELLS = DURATION + Buckets.CELLS;

    final Cells cells = new Cells(CELLS);

    HostTally() {}

    /** An exchange is over that got no answer. */
    public void dropped() {
        cells.add(WITHOUT_ANSWER, 1);
    }

    /**
     * An exchange is over that was answered.
     *
     * @param firstByteNanos from its request's head to its answer's head
     */
    public void answered(int status, long firstByteNanos) {
        // A status of four digits is none, and whatever is beyond 599 is the application's fault.
        int outcome = status == DROPPED ? WITHOUT_ANSWER : Math.min(Math.max(status / 100, 1), 5) - 1;
        cells.add(outcome, 1);
        Buckets.record(cells, FIRST_BYTE, firstByteNanos);
    }

    /** An answer has ended, so long after its request's head. */
    public void lasted(long nanos) {
        Buckets.record(cells, DURATION, nanos);
    }

    /** The bodies' octets of an exchange. */
    public void carried(long received, long sent) {
        cells.add(RECEIVED, received);
        cells.add(SENT, sent);
    }
}
