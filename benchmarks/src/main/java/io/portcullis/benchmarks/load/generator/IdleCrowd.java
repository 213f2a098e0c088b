package io.portcullis.benchmarks.load.generator;

/** Connections that are kept after one request each; the round only counts those that are still there. */
final class IdleCrowd extends Crowd {

    IdleCrowd(Dialer dialer, LoadOptions options, Requests requests) {
        super(dialer, options, requests);
    }

    @Override
    public void ready(Connection connection) {
        connection.send(System.nanoTime());
    }

    @Override
    void joined(Connection connection) {
        throw new IllegalStateException("no connection is opened in a round of idle ones");
    }

    @Override
    public void answered(Connection connection) {
        if (connection.answer().status() / 100 == 2 && connection.isReusable()) {
            opened();
        } else {
            connection.close();
            lostAtOpening(connection, connection.isReusable() ? Fault.STATUS : Fault.CLOSED);
        }
    }

    @Override
    public void lost(Connection connection, Fault fault) {
        if (isOpening()) {
            lostAtOpening(connection, fault);
        }
    }

    @Override
    void begin() {
        // Nothing is sent: the next look ends the round.
    }

    @Override
    boolean isDone() {
        return true;
    }

    @Override
    void complete(Tally ended) {
        int held = 0;
        for (int slot = 0; slot < size(); slot++) {
            Connection connection = at(slot);
            held += connection != null && connection.stage() == Connection.Stage.FREE ? 1 : 0;
        }
        ended.requests(held);
        ended.failed(Fault.CLOSED, size() - held);
    }
}
