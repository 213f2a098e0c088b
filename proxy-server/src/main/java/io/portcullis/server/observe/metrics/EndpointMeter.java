package io.portcullis.server.observe.metrics;

import java.util.stream.IntStream;

/** What is counted of an endpoint, by whichever upstream it is used. Lives as long as its name is known. */
public final class EndpointMeter {

    private final EndpointTally[] byWorker;

    EndpointMeter(int workers) {
        byWorker =
                IntStream.range(0, workers).mapToObj(i -> new EndpointTally()).toArray(EndpointTally[]::new);
    }

    /** What the worker of that number counts in. */
    public EndpointTally tally(int worker) {
        return byWorker[worker];
    }

    long sum(int cell) {
        long sum = 0;
        for (EndpointTally tally : byWorker) {
            sum += tally.cells.get(cell);
        }
        return sum;
    }

    Buckets.Sum answerTimes() {
        Buckets.Sum sum = new Buckets.Sum();
        for (EndpointTally tally : byWorker) {
            sum.add(tally.cells, EndpointTally.ANSWER);
        }
        return sum;
    }
}
