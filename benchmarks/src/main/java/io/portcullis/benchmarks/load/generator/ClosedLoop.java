package io.portcullis.benchmarks.load.generator;

/**
 * Kept-alive connections, on each of which the next request follows the answer: with large answers or large requests, the
 * downloads and uploads too.
 *
 * <p>A peer may close a connection between two exchanges; that is no error, but it is counted ("reconnects").
 */
class ClosedLoop extends Crowd {

    private int reconnects;

    ClosedLoop(Dialer dialer, LoadOptions options, Requests requests) {
        super(dialer, options, requests);
    }

    @Override
    final void begin() {
        reconnects = 0;
        for (int slot = 0; slot < size(); slot++) {
            Connection connection = at(slot);
            if (connection == null) {
                dial(slot);
            } else if (connection.stage() == Connection.Stage.FREE) {
                send(connection, System.nanoTime());
            }
        }
    }

    @Override
    void joined(Connection connection) {
        next(connection, System.nanoTime());
    }

    /** Sends what is measured. */
    void send(Connection connection, long now) {
        connection.send(now);
    }

    @Override
    public void answered(Connection connection) {
        long now = System.nanoTime();
        count(connection, now);
        if (connection.isReusable()) {
            next(connection, now);
        } else {
            connection.close();
            replace(connection);
        }
    }

    @Override
    public final void lost(Connection connection, Fault fault) {
        if (isOpening()) {
            lostAtOpening(connection, fault);
        } else if (connection.stage() == Connection.Stage.FREE) {
            replace(connection);
        } else {
            tally().failed(fault);
            dialLater(connection.slot());
            endIfQuiet();
        }
    }

    @Override
    final void complete(Tally ended) {
        ended.figure("reconnects", reconnects);
    }

    final void next(Connection connection, long now) {
        if (!isOver()) {
            send(connection, now);
        } else {
            endIfQuiet();
        }
    }

    private void replace(Connection connection) {
        reconnects++;
        dialLater(connection.slot());
        endIfQuiet();
    }
}
