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
import java.util.stream.Stream;

/** How a corpus is written down, and how its cases are tried: at once, for one by one they would wait most of the time. */
public final class Cases {

    private static final int THREADS = 8;

    /** What stands between the bars, and more. */
    public static List<String> each(String values, String... more) {
        return Stream.concat(Stream.of(values.split("\\|", -1)), Stream.of(more))
                .toList();
    }

    /** Each octet of a text by itself. */
    public static List<String> octets(String all) {
        return List.of(all.split(""));
    }

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

    private Cases() {}
}
