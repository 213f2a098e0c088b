package io.portcullis.server.runtime;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import io.portcullis.core.ban.Ban;
import io.portcullis.core.ban.BanListener;
import io.portcullis.server.exchange.Worker;
import io.portcullis.server.listener.ConnectionLimit;
import io.portcullis.server.listener.EventLoops;
import io.portcullis.server.observe.metrics.Meters;
import io.portcullis.server.observe.metrics.WorkerMeter;
import io.portcullis.server.upstream.ConnectionPool;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/** The event loops of the process and the {@link Worker} of each; as many as at the start. Thread-safe once started. */
final class Workers implements AutoCloseable {

    private final EventLoopGroup eventLoops;
    private final IdentityHashMap<EventExecutor, Worker> workers = new IdentityHashMap<>();
    private final AtomicInteger turn = new AtomicInteger();

    private Workers(EventLoopGroup eventLoops) {
        this.eventLoops = eventLoops;
    }

    static Workers start(EventLoops loops, Worker.Shared shared, Meters meters) {
        Workers started = new Workers(loops.group());
        SplittableRandom seeds = new SplittableRandom(new SecureRandom().nextLong());
        int number = 0;
        for (EventExecutor executor : started.eventLoops) {
            WorkerMeter meter = meters.worker(number++);
            EventLoop eventLoop = (EventLoop) executor;
            ConnectionPool pool =
                    new ConnectionPool(eventLoop, loops.transport().channel(), shared.nanoTime(), meter);
            Worker worker = new Worker(eventLoop, shared, meter, pool, seeds.split());
            started.workers.put(eventLoop, worker);
            worker.start();
        }
        return started;
    }

    EventLoopGroup eventLoops() {
        return eventLoops;
    }

    /** The worker of one of these event loops. */
    Worker of(EventLoop eventLoop) {
        Worker worker = workers.get(eventLoop);
        if (worker == null) {
            throw new IllegalStateException("event loop: " + eventLoop + " (expected: one of this process)");
        }
        return worker;
    }

    void forEach(Consumer<Worker> action) {
        workers.values().forEach(action);
    }

    /**
     * As {@link ConnectionLimit.Idle} has it: asks one event loop after the other until there are enough, and begins with
     * another one each time.
     */
    void closeIdle(int most, IntConsumer then) {
        Iterator<Worker> all = inTurn(turn.getAndIncrement());
        closeIdle(all, 0, most, then);
    }

    private static void closeIdle(Iterator<Worker> left, int closed, int most, IntConsumer then) {
        if (closed >= most || !left.hasNext()) {
            then.accept(closed);
        } else {
            left.next().closeIdle(most - closed, more -> closeIdle(left, closed + more, most, then));
        }
    }

    private Iterator<Worker> inTurn(int first) {
        List<Worker> all = new ArrayList<>(workers.values());
        Collections.rotate(all, first);
        return all.iterator();
    }

    /** Ends at once, with all connections. Blocks until that is done. */
    @Override
    public void close() {
        eventLoops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    /** Tells every event loop of a ban, after it is in force: each ends what it has of the client's. */
    static final class Enforcement implements BanListener {

        private volatile Consumer<Consumer<Worker>> workers = action -> {};

        /** They begin after the bans that they enforce are known. */
        void by(Workers started) {
            workers = started::forEach;
        }

        @Override
        public void banned(Ban ban) {
            workers.accept(worker -> worker.endFor(ban));
        }

        @Override
        public void unbanned(Ban ban) {}
    }
}
