package io.portcullis.server.cli;

import io.portcullis.server.exchange.Patience;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process that {@code run} is, to signals and to a successor: from before it serves until its end, in whatever order
 * they come. It ends always, whatever fails on the way, and no signal but those that are to end it does.
 *
 * <p>Thread-safe.
 */
final class RunningProcess {

    private static final Logger LOG = LoggerFactory.getLogger(RunningProcess.class);

    /** What a proxy that accepts may still have to do until it is started: wait for an address that gets free. */
    private static final long STARTED_SECONDS = 10;

    /** The proxy. */
    interface Proxy {
        /** Whether it accepts connections, or has. */
        boolean accepts();

        /** As in the configuration. */
        Duration drainTime();

        /** Lets what is under way end; the connections that had to be cut. */
        int drain(Patience patience);

        void reopenLogs();

        void reloadSoon();
    }

    private final IntConsumer end;
    private final CompletableFuture<Proxy> started = new CompletableFuture<>();
    private volatile @Nullable Proxy starting;

    /** @param end ends the process at once with an exit code */
    RunningProcess(IntConsumer end) {
        this.end = end;
    }

    /** There is a proxy, which is about to begin. */
    void begins(Proxy proxy) {
        starting = proxy;
    }

    /** It serves; what was asked for meanwhile is done. */
    void serves() {
        started.complete(begun());
    }

    /** It does not serve and will not; without effect if it does. */
    void fails() {
        started.completeExceptionally(new IllegalStateException("not started"));
    }

    private Proxy begun() {
        Proxy proxy = starting;
        if (proxy == null) {
            throw new IllegalStateException("no proxy (expected: one that has begun)");
        }
        return proxy;
    }

    /** SIGHUP. */
    void hangUp() {
        whenItServes("SIGHUP: reloading", proxy -> {
            proxy.reopenLogs();
            proxy.reloadSoon();
        });
    }

    /** SIGUSR1. */
    void reopenLogs() {
        whenItServes("SIGUSR1: reopening the logs", Proxy::reopenLogs);
    }

    private interface Order {
        void to(Proxy proxy);
    }

    private void whenItServes(String what, Order order) {
        started.thenAccept(proxy -> {
            LOG.info("{}", what);
            try {
                order.to(proxy);
            } catch (RuntimeException e) { // nobody asks how it went
                LOG.error("{} failed. Please report this", what, e);
            }
        });
    }

    /** Ends it when the proxy has departed for another process. */
    void endsAfter(CompletionStage<Long> departure) {
        // A thread that is there by then: nothing can keep it from beginning.
        Thread thread = new Thread(
                () -> {
                    try {
                        LOG.info(
                                "process {} serves from now on",
                                departure.toCompletableFuture().join());
                    } catch (CompletionException e) {
                        LOG.error("internal fault; ends. Please report this", e);
                    }
                    end(begun(), Patience.LONG);
                },
                "departure");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * SIGTERM, SIGINT: called in the JVM's shutdown, whose own exit code for a signal is not 0; this one ends the process
     * with it. Where the shutdown is that of a process that could not start, it returns at once.
     */
    void terminate() {
        if (started.isCompletedExceptionally()) {
            return;
        }
        Proxy proxy = starting;
        if (!started.isDone() && (proxy == null || !proxy.accepts())) {
            // Nobody is served yet. A store that is just being read is as safe as from a kill, but not from a
            // close; and a process that is to be taken over from goes on.
            LOG.info("stopping before it serves");
            end.accept(ExitCode.DONE);
            return;
        }
        try {
            proxy = started.get(STARTED_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            return;
        } catch (TimeoutException e) {
            LOG.warn("stopping, though it is not started after {} s", STARTED_SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        end(proxy == null ? begun() : proxy, Patience.SHORT);
    }

    private void end(Proxy proxy, Patience patience) {
        try {
            long seconds = proxy.drainTime().toSeconds();
            LOG.info("stopping: no new connections, exchanges under way have {} s", seconds);
            int cut = proxy.drain(patience);
            if (cut > 0) {
                LOG.warn(
                        "stopped; {} cut after {} s",
                        cut == 1 ? "1 connection was" : cut + " connections were",
                        seconds);
            } else {
                LOG.info("stopped; every exchange ended");
            }
        } catch (RuntimeException | Error e) {
            // It may not listen any more: one that stayed could not even be asked to end.
            LOG.error("internal fault while stopping; ends at once. Please report this", e);
        } finally {
            end.accept(ExitCode.DONE);
        }
    }
}
