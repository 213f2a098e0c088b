package io.portcullis.benchmarks.load.generator;

/**
 * Connections as fast as they come, by a client that is refused: each asks at once, and is given up as soon as it is
 * refused, answered, or has had its time. The figures tell which: "refused" (reset, closed or not accepted), "timed-out"
 * (what a filter in the kernel does), "answered". Only what is this machine's own lack is an error.
 */
final class Flood extends Crowd {

    private long answered;

    Flood(Dialer dialer, LoadOptions options, Requests requests) {
        super(dialer, options, requests);
    }

    @Override
    boolean standsBefore() {
        return false;
    }

    @Override
    void begin() {
        answered = 0;
        for (int slot = 0; slot < size(); slot++) {
            dial(slot);
        }
    }

    @Override
    void joined(Connection connection) {
        connection.send(connection.since());
    }

    @Override
    public void answered(Connection connection) {
        answered++;
        tally().status(connection.answer().status());
        connection.abort();
        again(connection);
    }

    @Override
    public void lost(Connection connection, Fault fault) {
        tally().failed(fault);
        if (fault == Fault.LOCAL) {
            dialLater(connection.slot());
        } else {
            again(connection);
        }
    }

    private void again(Connection connection) {
        answeredAt(System.nanoTime());
        if (!isOver()) {
            dial(connection.slot());
        } else {
            // Only when this one is gone too: it still counts as waited for.
            loop().execute(this::endIfQuiet);
        }
    }

    @Override
    void complete(Tally ended) {
        long timedOut = ended.take(Fault.TIMEOUT);
        long reset = ended.take(Fault.RESET);
        long closed = ended.take(Fault.CLOSED) + ended.take(Fault.TLS);
        long connect = ended.take(Fault.CONNECT);
        ended.figure("refused", reset + closed + connect);
        ended.figure("refused-by-reset", reset);
        ended.figure("refused-by-close", closed);
        ended.figure("refused-unaccepted", connect);
        ended.figure("timed-out", timedOut);
        ended.figure("answered", answered);
        ended.requests(reset + closed + connect + timedOut + answered);
    }
}
