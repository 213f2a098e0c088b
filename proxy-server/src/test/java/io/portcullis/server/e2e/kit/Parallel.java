package io.portcullis.server.e2e.kit;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Many cases of one test at once: a corpus by itself would wait most of the time. */
public final class Parallel {

    private static final int THREADS = 8;

    /**
     * What is wrong with each case of which something is.
     *
     * @param fault of a case, by its number; empty where all is as it should be
     */
    public static List<String> faults(int cases, IntFunction<String> fault)
            throws InterruptedException, ExecutionException {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Callable<String>> tasks = IntStream.range(0, cases)
                    .<Callable<String>>mapToObj(i -> () -> fault.apply(i))
                    .toList();
            List<String> faults = new ArrayList<>();
            for (Future<String> result : threads.invokeAll(tasks)) {
                if (!result.get().isEmpty()) {
                    faults.add(result.get());
                }
            }
            return faults;
        } finally {
            threads.shutdownNow();
        }
    }

    private Parallel() {}
}
