package io.portcullis.benchmarks.load.generator;

/** Requests at a rate, each in the name of another client: whatever the answer, it is one. */
final class Storm extends OpenLoop {

    Storm(Dialer dialer, LoadOptions options, Requests requests) {
        super(dialer, options, requests);
    }

    @Override
    void countAnswer(Connection connection, long now) {
        answeredAt(now);
        tally().status(connection.answer().status());
        tally().answered(now - connection.since(), connection.answer().octets());
    }
}
