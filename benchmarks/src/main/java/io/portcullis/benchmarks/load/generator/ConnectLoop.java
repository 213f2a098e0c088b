package io.portcullis.benchmarks.load.generator;

/** A new connection for each request, so many at once: how long one took counts from when it began to connect. */
final class ConnectLoop extends Crowd {

    ConnectLoop(Dialer dialer, LoadOptions options, Requests requests) {
        super(dialer, options, requests);
    }

    @Override
    boolean standsBefore() {
        return false;
    }

    @Override
    void begin() {
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
        count(connection, System.nanoTime());
        connection.close();
        if (!isOver()) {
            dial(connection.slot());
        } else {
            endIfQuiet();
        }
    }

    @Override
    public void lost(Connection connection, Fault fault) {
        tally().failed(fault);
        dialLater(connection.slot());
        endIfQuiet();
    }
}
