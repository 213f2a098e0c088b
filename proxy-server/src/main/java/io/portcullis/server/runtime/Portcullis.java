package io.portcullis.server.runtime;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.portcullis.core.ban.Allowlist;
import io.portcullis.core.ban.Ban;
import io.portcullis.core.ban.BanEngine;
import io.portcullis.core.ban.BanListener;
import io.portcullis.core.ban.BanStore;
import io.portcullis.core.ban.Evidence;
import io.portcullis.core.config.AdminConfig;
import io.portcullis.core.config.ListenerConfig;
import io.portcullis.core.config.PortcullisConfig;
import io.portcullis.core.net.IpAddress;
import io.portcullis.server.admin.AdminApi;
import io.portcullis.server.admin.AdminListener;
import io.portcullis.server.admin.AdminToken;
import io.portcullis.server.admin.ToldEvidence;
import io.portcullis.server.exchange.TarpitPlaces;
import io.portcullis.server.exchange.Worker;
import io.portcullis.server.listener.ConnectionLimit;
import io.portcullis.server.listener.Listener;
import io.portcullis.server.listener.Transport;
import io.portcullis.server.observe.Logs;
import io.portcullis.server.store.BanStores;
import io.portcullis.server.tls.Certificates;
import io.portcullis.server.tls.TlsLibrary;
import io.portcullis.server.upstream.ConnectionPool;
import io.portcullis.server.upstream.Destinations;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running proxy: wires every part to the others, and is the only class that sees them all.
 *
 * <p>Started and stopped by one thread; {@link #bans} may be used from any.
 */
public final class Portcullis implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Portcullis.class);
    private static final Duration UPKEEP_INTERVAL = Duration.ofSeconds(1);
    private static final Duration RESOLVE_INTERVAL = Duration.ofSeconds(30);
    private static final Duration CERTIFICATE_INTERVAL = Duration.ofSeconds(3);
    private static final Duration DRAIN_POLL = Duration.ofMillis(20);

    private final PortcullisConfig config;
    private final Destinations destinations = new Destinations();
    private final Map<String, Integer> ports = new ConcurrentHashMap<>();
    private final ConnectionLimit connections = new ConnectionLimit();
    private final IdentityHashMap<EventExecutor, Worker> workers = new IdentityHashMap<>();
    private final List<Listener> listeners = new ArrayList<>();
    private final InstantSource clock = new MonotonicClock();
    private final Certificates certificates = new Certificates(clock);
    private final BanStore store;
    private final BanEngine bans;
    private final Logs logs;
    private final EventLoopGroup eventLoops;
    private final ScheduledExecutorService background;
    private final Transport transport;
    private @Nullable AdminListener admin;

    /** Written once now, and by each reload later; an exchange reads it once, when it begins. */
    private volatile Snapshot snapshot;

    private Portcullis(PortcullisConfig config) throws IOException {
        TlsLibrary.refuseRenegotiation();
        this.config = config;
        transport = Transport.load(config.transport());
        logs = Logs.open(config.log(), clock);
        store = BanStores.of(config.bans(), clock, this::forEachBan);
        // What a ban ends must end, before anybody writes down that it fell.
        BanListener told = new BanListeners(List.of(new Enforcement(), store, logs.bans()));
        bans = new BanEngine(config.bans(), exempt(config), new BanEngine.Sources(clock, new SecureRandom()), told);
        snapshot = Snapshot.of(config, bans, destinations, new TlsListeners.Sources(certificates, ports));
        publishAccessLists();
        eventLoops = new MultiThreadIoEventLoopGroup(
                config.threads(), new DefaultThreadFactory("event-loop"), transport.ioHandlers());
        startWorkers(
                new Worker.Shared(bans, logs.access(), clock, System::nanoTime, () -> snapshot, new TarpitPlaces()));
        background = Executors.newSingleThreadScheduledExecutor(new DefaultThreadFactory("background", true));
    }

    /**
     * Starts a proxy; blocks until every listener accepts.
     *
     * @throws IOException if a listener cannot bind or a file cannot be used; nothing is left running then
     */
    public static Portcullis start(PortcullisConfig config) throws IOException {
        Portcullis portcullis = new Portcullis(config);
        try {
            portcullis.listen();
        } catch (IOException | RuntimeException e) {
            portcullis.close();
            throw e;
        }
        return portcullis;
    }

    private void startWorkers(Worker.Shared shared) {
        SplittableRandom seeds = new SplittableRandom(new SecureRandom().nextLong());
        for (EventExecutor executor : eventLoops) {
            EventLoop eventLoop = (EventLoop) executor;
            ConnectionPool pool = new ConnectionPool(eventLoop, transport.channel(), shared.nanoTime());
            Worker worker = new Worker(eventLoop, shared, pool, seeds.split());
            workers.put(eventLoop, worker);
            worker.start();
        }
    }

    private void listen() throws IOException {
        store.start(bans::restore); // in force before the first connection is accepted
        Listener.Accepting accepting =
                new Listener.Accepting(eventLoops, transport, this::worker, bans, () -> snapshot, connections);
        for (ListenerConfig listener : config.listeners()) {
            Listener open = Listener.open(listener, accepting);
            listeners.add(open);
            ports.put(open.name(), open.address().getPort());
        }
        openAdmin();
        every(UPKEEP_INTERVAL, bans::upkeep);
        every(RESOLVE_INTERVAL, destinations::refreshAddresses);
        every(RESOLVE_INTERVAL, this::publishAccessLists);
        every(CERTIFICATE_INTERVAL, certificates::refresh);
    }

    /** With the host's addresses as they are now. Blocks. */
    private void publishAccessLists() {
        PortcullisConfig current = snapshot.config();
        bans.publish(exempt(current), current.denylist(), current.bans());
    }

    private static Allowlist exempt(PortcullisConfig config) {
        return new Allowlist(config.allowlist(), config.trustedProxies(), HostAddresses.read());
    }

    /** Without the admin API a proxy is still a proxy; so only who has asked for it in so many words must have it. */
    private void openAdmin() throws IOException {
        Optional<AdminConfig.Bind> bind = config.admin().bind();
        if (bind.isEmpty()) {
            return;
        }
        try {
            openAdmin(bind.get());
        } catch (IOException e) {
            if (config.admin().asked()) {
                throw e;
            }
            LOG.warn(
                    "goes on without the admin API, so bans, ban, unban and why will not find this process: {}. Give it"
                            + " an admin {{ bind, token-file }} of its own, or bind = off",
                    e.getMessage());
        }
    }

    private void openAdmin(AdminConfig.Bind bind) throws IOException {
        AdminToken token = AdminToken.readOrMake(config.admin().tokenFile(), new SecureRandom());
        AdminApi api =
                new AdminApi(AdminApi.bans(new AdminApi.Subject(bans, store, () -> snapshot.virtualHosts(), clock)));
        admin = AdminListener.open(bind, token, api);
    }

    private void closeAdmin() {
        AdminListener open = admin;
        admin = null;
        if (open != null) {
            open.close();
        }
    }

    private void forEachBan(Consumer<Ban> each) {
        bans.forEachBan(each);
    }

    private Worker worker(EventLoop eventLoop) {
        Worker worker = workers.get(eventLoop);
        if (worker == null) {
            throw new IllegalStateException("event loop: " + eventLoop + " (expected: one of this process)");
        }
        return worker;
    }

    private void every(Duration interval, Runnable task) {
        Runnable guarded = () -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                LOG.error("a background task failed and will be tried again in {}", interval, e);
            }
        };
        background.scheduleWithFixedDelay(guarded, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Looks for changed certificates now, and not only in a few seconds. From any thread; returns at once. */
    public void refreshCertificates() {
        background.execute(certificates::refresh);
    }

    /** Has the logs' files opened anew, for who has moved them away. From any thread; returns at once. */
    public void reopenLogs() {
        logs.reopen();
    }

    /** Who is banned and why; to be asked, and to ban and unban by hand. Thread-safe. */
    public BanEngine bans() {
        return bans;
    }

    /** What is held against the address, and why. Blocks for a moment. */
    public Evidence why(IpAddress address) {
        return ToldEvidence.of(address, bans, store);
    }

    public List<Listener> listeners() {
        return List.copyOf(listeners);
    }

    /** Where the admin API is; empty where the configuration wants none. */
    public Optional<AdminListener> admin() {
        return Optional.ofNullable(admin);
    }

    /** The transport in use, by its name in the configuration. */
    public String transport() {
        return transport.name();
    }

    /**
     * Stops: accepts nothing new at once, lets the exchanges under way end within {@code timeouts.drain}, and cuts what
     * is left. Blocks until it is done.
     *
     * @return the connections that had to be cut
     */
    public int drain() {
        closeAdmin();
        listeners.forEach(Listener::close);
        workers.values().forEach(Worker::drain);
        long end = System.nanoTime() + config.timeouts().drain().toNanos();
        try {
            while (connections.open() > 0 && System.nanoTime() - end < 0) {
                TimeUnit.NANOSECONDS.sleep(DRAIN_POLL.toNanos());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // cut now what is left
        }
        int cut = connections.open();
        close();
        return cut;
    }

    /** Ends at once. */
    @Override
    public void close() {
        closeAdmin();
        listeners.forEach(Listener::close);
        background.shutdownNow();
        eventLoops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        store.close(); // after the last of those who tell it of bans
        logs.close();
    }

    /** Tells every event loop of a ban, after it is in force: each ends what it has of the client's. */
    private final class Enforcement implements BanListener {
        @Override
        public void banned(Ban ban) {
            workers.values().forEach(worker -> worker.endFor(ban));
        }

        @Override
        public void unbanned(Ban ban) {}
    }
}
