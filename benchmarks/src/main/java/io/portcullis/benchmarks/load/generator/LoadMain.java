package io.portcullis.benchmarks.load.generator;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.Future;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The load process: {@code LoadMain KIND --port N [--OPTION VALUE]…}.
 *
 * <p>It prints {@code ready} when its connections stand and it was led in (see {@link LeadIn}), waits for the line {@code go},
 * measures, and prints one line of JSON (see {@link OutcomeJson}); so for each further {@code go}. Between the lines it sends
 * nothing, so that whoever looks at the proxy after one and before the next sees what the measurement cost it, and that alone.
 * When its standard input ends, it ends: whoever started it is gone or wants no more.
 * Exit codes: 0 measured, 1 it could not, 2 wrong usage.
 */
public final class LoadMain {

    static final String READY = "ready";
    static final String GO = "go";

    private static final int FAILED = 1;
    private static final int WRONG_USAGE = 2;

    private LoadMain() {}

    public static void main(String[] arguments) {
        System.exit(run(List.of(arguments)));
    }

    private static int run(List<String> arguments) {
        LoadOptions options;
        try {
            options = LoadOptions.parse(arguments);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            return WRONG_USAGE;
        }
        if (!Epoll.isAvailable()) {
            System.err.println("epoll: not to be had (expected: Linux): " + Epoll.unavailabilityCause());
            return FAILED;
        }
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try {
            run(options, group.next(), in, System.out);
            return 0;
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            return WRONG_USAGE;
        } catch (IOException | IllegalStateException | TimeoutException e) {
            System.err.println(e.getMessage());
            return FAILED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return FAILED;
        }
    }

    /** What the process does, on any event loop of epoll's. */
    static void run(LoadOptions options, EventLoop loop, BufferedReader in, PrintStream out)
            throws IOException, InterruptedException, TimeoutException {
        Work work = Works.of(options, loop);
        try {
            await(loop, work::prepare, options.bound());
            out.println(READY);
            out.flush();
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (!line.equals(GO)) {
                    throw new IOException("read: " + line + " (expected: " + GO + ")");
                }
                Duration before = cpu();
                Outcome outcome = await(loop, work::measure, options.bound());
                outcome.tally().figure("load-cpu", cpu().minus(before).toNanos() / 1e9 / outcome.seconds());
                out.println(OutcomeJson.write(options, outcome));
                out.flush();
            }
        } finally {
            loop.submit(work::close).sync();
        }
    }

    /** What this process has used, in steps of 10 ms. */
    private static Duration cpu() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    }

    private static <T> T await(EventLoop loop, Callable<Future<T>> begin, Duration bound)
            throws InterruptedException, TimeoutException {
        try {
            Future<T> done = loop.submit(begin).get(bound.toNanos(), TimeUnit.NANOSECONDS);
            return done.get(bound.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IllegalStateException fault) {
                throw fault;
            }
            throw new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            TimeoutException late = new TimeoutException("not done within " + bound.toSeconds() + " s");
            late.initCause(e);
            throw late;
        }
    }
}
