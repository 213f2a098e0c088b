package io.portcullis.benchmarks.load.generator;

import java.util.Arrays;

/**
 * A client that asks for what is forbidden until it is refused: so many connections, each of which asks again as soon as it
 * is answered, and anew when it is closed. One that is refused three times in a row has seen enough. What really reached
 * the application, the application alone knows; the figures are what the client saw ("sent", "refused", "status-403").
 */
final class Leak extends Crowd {

    private static final int ENOUGH = 3;

    private final int[] refusals;
    private final long most;
    private long sent;
    private long refused;

    Leak(Dialer dialer, LoadOptions options, Requests requests) {
        super(dialer, options, requests);
        refusals = new int[size()];
        most = options.count(Option.REQUESTS);
    }

    @Override
    boolean standsBefore() {
        return false;
    }

    @Override
    void begin() {
        Arrays.fill(refusals, 0);
        for (int slot = 0; slot < size(); slot++) {
            dial(slot);
        }
    }

    @Override
    void joined(Connection connection) {
        send(connection);
    }

    @Override
    public void answered(Connection connection) {
        long now = System.nanoTime();
        refusals[connection.slot()] = 0;
        tally().status(connection.answer().status());
        tally().answered(now - connection.since(), connection.answer().octets());
        answeredAt(now);
        if (connection.isReusable()) {
            send(connection);
        } else {
            connection.close();
            dialIfMore(connection.slot());
        }
    }

    @Override
    public void lost(Connection connection, Fault fault) {
        if (fault == Fault.LOCAL) {
            tally().failed(fault);
        } else {
            refused++;
        }
        refusals[connection.slot()]++;
        answeredAt(System.nanoTime());
        dialIfMore(connection.slot());
    }

    @Override
    boolean isDone() {
        return isOver() || sent >= most || Arrays.stream(refusals).allMatch(each -> each >= ENOUGH);
    }

    @Override
    void complete(Tally ended) {
        ended.figure("sent", sent);
        ended.figure("refused", refused);
    }

    private void send(Connection connection) {
        if (sent < most && !isOver()) {
            sent++;
            connection.send(System.nanoTime());
        } else {
            connection.close();
            endIfQuiet();
        }
    }

    private void dialIfMore(int slot) {
        if (sent < most && refusals[slot] < ENOUGH && !isOver()) {
            dial(slot);
        } else {
            loop().execute(this::endIfQuiet);
        }
    }
}
