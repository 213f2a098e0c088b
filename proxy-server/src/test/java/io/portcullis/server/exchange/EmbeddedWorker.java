package io.portcullis.server.exchange;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.portcullis.core.ban.Allowlist;
import io.portcullis.core.ban.Ban;
import io.portcullis.core.ban.BanEngine;
import io.portcullis.core.ban.BanListener;
import io.portcullis.core.config.Defaults;
import io.portcullis.core.config.ListenerConfig;
import io.portcullis.core.net.CidrSet;
import io.portcullis.core.net.IpAddress;
import io.portcullis.server.observe.AccessRecord;
import io.portcullis.server.observe.Events;
import io.portcullis.server.observe.metrics.Meters;
import io.portcullis.server.upstream.ConnectionPool;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A worker with its ban engine, on an event loop that runs when it is told: {@link #runTasks}. */
public final class EmbeddedWorker implements AutoCloseable {

    /** Its event loop is the worker's. */
    private final EmbeddedChannel home = new EmbeddedChannel();

    private final InstantSource clock = InstantSource.fixed(Instant.parse("2026-01-02T03:04:05Z"));
    private final List<AccessRecord> logged = new ArrayList<>();
    private final TestRules rules;
    private final BanEngine bans;
    private final Meters meters = new Meters(1, 10, System::nanoTime);
    private final ConnectionPool pool;
    private final Worker worker;
    private final List<EmbeddedChannel> channels = new ArrayList<>();
    private final TarpitPlaces tarpit = new TarpitPlaces();
    private final ClientPlaces places = new ClientPlaces();
    private final Events events = new Events(clock);
    private @Nullable Worker told;
    private long passed;

    public EmbeddedWorker(TestRules rules) {
        this.rules = rules;
        bans = new BanEngine(
                Defaults.bans(),
                new Allowlist(CidrSet.EMPTY, TestRules.TRUSTED, CidrSet.EMPTY),
                new BanEngine.Sources(clock, new SplittableRandom(2)),
                new Enforcement());
        rules.compileBy(bans);
        pool = new ConnectionPool(home.eventLoop(), FreshConnection.class, System::nanoTime, meters.worker(0));
        worker = new Worker(
                home.eventLoop(),
                new Worker.Shared(bans, logged::add, events, clock, this::nanos, tarpit, places),
                meters.worker(0),
                pool,
                new SplittableRandom(1));
        told = worker;
    }

    private long nanos() {
        return System.nanoTime() + passed;
    }

    /** Has that time pass for time-outs, and those strike that are over. */
    void pass(Duration time) {
        passed += time.toNanos();
        worker.deadlines.sweep();
        runTasks();
    }

    TarpitPlaces tarpit() {
        return tarpit;
    }

    ClientPlaces places() {
        return places;
    }

    public Worker worker() {
        return worker;
    }

    /** The rules under a listener's settings, for connections of this worker. */
    public Supplier<ListenerRules> on(ListenerConfig listener) {
        ListenerRules there = new ListenerRules(listener, rules);
        return () -> there;
    }

    /** The same under those of a plain one. */
    public Supplier<ListenerRules> listener() {
        return on(ListenerConfig.plain(TestRules.LISTENER, IpAddress.ofIpv4(0x7F00_0001), 0));
    }

    public BanEngine bans() {
        return bans;
    }

    public ConnectionPool pool() {
        return pool;
    }

    /** What the access log was given, in order. */
    public List<AccessRecord> logged() {
        return logged;
    }

    /** Runs what was handed to the event loop, such as the end of what a ban covers. */
    public void runTasks() {
        home.runPendingTasks();
    }

    /** Has {@link #close} close the channel. */
    public void track(EmbeddedChannel channel) {
        channels.add(channel);
    }

    /** Releases what nobody has read, so that a leak that is reported is none of a test's. */
    @Override
    public void close() {
        channels.forEach(EmbeddedChannel::finishAndReleaseAll);
    }

    /** The fresh connections to endpoints that were tried so far. None comes about: this event loop has no sockets. */
    int freshConnections() {
        return FreshConnection.TRIED.get();
    }

    /** Counts those of its kind. */
    public static final class FreshConnection extends NioSocketChannel {
        private static final AtomicInteger TRIED = new AtomicInteger();

        public FreshConnection() {
            TRIED.incrementAndGet();
        }
    }

    private final class Enforcement implements BanListener {
        @Override
        public void banned(Ban ban) {
            if (told != null) {
                told.endFor(ban);
            }
        }

        @Override
        public void unbanned(Ban ban) {}
    }
}
