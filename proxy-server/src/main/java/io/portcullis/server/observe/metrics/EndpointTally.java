package io.portcullis.server.observe.metrics;

/** What one event loop has counted of an endpoint. Written by that event loop alone. */
public final class EndpointTally {

    static final int FAILURES = 0;
    static final int OPENED = FAILURES + EndpointFailure.values().length;
    static final int OPEN = OPENED + 1;
    static final int IDLE = OPEN + 1;
    static final int RETRIED = IDLE + 1;
    static final int ANSWER = RETRIED + 1;

    private static final int CELLS = ANSWER + Buckets.CELLS;

    final Cells cells = new Cells(CELLS);

    EndpointTally() {}

    /** An answer's head has come, so long after the request was handed to the connection. */
    public void answered(long nanos) {
        Buckets.record(cells, ANSWER, nanos);
    }

    public void failed(EndpointFailure how) {
        cells.add(FAILURES + how.cell, 1);
    }

    /** A request is sent once more, on another connection. */
    public void retried() {
        cells.add(RETRIED, 1);
    }

    /** A connection is there. */
    public void opened() {
        cells.add(OPENED, 1);
        cells.add(OPEN, 1);
    }

    /** One that was {@link #opened} is gone. */
    public void closed() {
        cells.add(OPEN, -1);
    }

    /** A connection carries no exchange, and waits for one. */
    public void idle() {
        cells.add(IDLE, 1);
    }

    /** One that was {@link #idle} is so no longer. */
    public void taken() {
        cells.add(IDLE, -1);
    }
}
