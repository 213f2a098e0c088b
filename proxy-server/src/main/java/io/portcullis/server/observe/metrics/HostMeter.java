package io.portcullis.server.observe.metrics;

import java.util.stream.IntStream;

/**
 * What is counted of a virtual host's exchanges. There is one for each name as long as the name is known, so what it has
 * counted outlives a reload; found when a snapshot is built, so that an exchange looks nothing up.
 */
public final class HostMeter {

    private final HostTally[] byWorker;

    HostMeter(int workers) {
        byWorker = IntStream.range(0, workers).mapToObj(i -> new HostTally()).toArray(HostTally[]::new);
    }

    /** What the worker of that number counts in. */
    HostTally tally(int worker) {
        return byWorker[worker];
    }

    long sum(int cell) {
        long sum = 0;
        for (HostTally tally : byWorker) {
            sum += tally.cells.get(cell);
        }
        return sum;
    }

    Buckets.Sum histogram(int first) {
        Buckets.Sum sum = new Buckets.Sum();
        for (HostTally tally : byWorker) {
            sum.add(tally.cells, first);
        }
        return sum;
    }
}
