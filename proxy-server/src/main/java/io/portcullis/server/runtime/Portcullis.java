package io.portcullis.server.runtime;

import io.portcullis.core.ban.Ban;
import io.portcullis.core.ban.BanEngine;
import io.portcullis.core.ban.BanListener;
import io.portcullis.core.ban.BanStore;
import io.portcullis.core.ban.Evidence;
import io.portcullis.core.config.PortcullisConfig;
import io.portcullis.core.net.IpAddress;
import io.portcullis.server.admin.AdminListener;
import io.portcullis.server.admin.Resource;
import io.portcullis.server.admin.ToldEvidence;
import io.portcullis.server.exchange.ClientPlaces;
import io.portcullis.server.exchange.Patience;
import io.portcullis.server.exchange.TarpitPlaces;
import io.portcullis.server.exchange.Worker;
import io.portcullis.server.listener.ConnectionLimit;
import io.portcullis.server.listener.EventLoops;
import io.portcullis.server.listener.Listener;
import io.portcullis.server.observe.Event;
import io.portcullis.server.observe.Events;
import io.portcullis.server.observe.Logs;
import io.portcullis.server.observe.metrics.Meters;
import io.portcullis.server.store.BanStores;
import io.portcullis.server.tls.Certificates;
import io.portcullis.server.tls.TlsLibrary;
import io.portcullis.server.upstream.Destinations;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
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
    /** For the handshakes that clients have begun with this process and not ended: a long way there and back. */
    private static final Duration RETIRING = Duration.ofSeconds(1);

    /** How long it may take to end after the draining. */
    private static final Duration STOPPING = Duration.ofSeconds(10);

    private static final Duration DRAIN_POLL = Duration.ofMillis(20);

    private final InstantSource clock = new MonotonicClock();
    private final Meters meters;
    private final Destinations destinations;
    private final Certificates certificates = new Certificates(clock);
    private final TarpitPlaces tarpit = new TarpitPlaces();
    private final ConnectionLimit connections;
    private final Events events = new Events(clock);
    private final EventLoops eventLoops;
    private final BanStore store;
    private final BanEngine bans;
    private final Heir heir;

    private final Snapshots snapshots;
    private final Logs logs;
    private final Workers workers;
    private final Listeners listeners;
    private final KernelTier kernel;
    private final Reloader reloader;
    private final Admin admin;
    private final Background background = new Background();
    private final ServiceManager serviceManager = ServiceManager.of(System.getenv());
    private final Successor successor;
    private final CompletableFuture<Long> departure = new CompletableFuture<>();
    private volatile @Nullable Predecessor predecessor;
    private volatile boolean isServing;
    /** Guarded by this. */
    private boolean isClosed;

    private volatile boolean isDraining;

    private Portcullis(PortcullisConfig config, ConfigSource source, Optional<Launch> launch) throws IOException {
        TlsLibrary.refuseRenegotiation();
        eventLoops = EventLoops.open(config.transport(), config.threads());
        meters = new Meters(config.threads(), config.admin().metrics().maxHosts(), System::nanoTime);
        destinations = new Destinations(meters.endpoints());
        logs = Logs.open(config.log(), clock);
        store = BanStores.of(config.bans(), this::remember, clock, this::forEachBan);
        Workers.Enforcement enforcement = new Workers.Enforcement();
        // What a ban ends must end, before anybody writes down that it fell.
        successor = new Successor(store, new Handing(), this::isOnlyOne);
        BanListener told = new BanListeners(List.of(enforcement, store, successor, meters.bans(), logs.bans(), events));
        bans = new BanEngine(
                config.bans(), Snapshots.exempt(config), new BanEngine.Sources(clock, new SecureRandom()), told);
        BanListener inherited = new BanListeners(List.of(enforcement, store, successor, events));
        heir = new Heir(bans, store, inherited, Heir.STORE_PATIENCE);
        Map<String, Integer> ports = new ConcurrentHashMap<>();
        snapshots = new Snapshots(
                bans, new Snapshot.Sources(destinations, new TlsListeners.Sources(certificates, ports), meters), clock);
        snapshots.publish(snapshots.build(config));
        workers = Workers.start(
                eventLoops,
                new Worker.Shared(bans, logs.access(), events, clock, System::nanoTime, tarpit, new ClientPlaces()),
                meters);
        enforcement.by(workers);
        connections = new ConnectionLimit(workers::closeIdle, System::nanoTime);
        listeners = new Listeners(
                new Listener.Accepting(workers.eventLoops(), eventLoops.transport(), workers::of, bans, connections),
                ports,
                this::retire);
        kernel = new KernelTier(
                listeners::open, () -> config().bans().kernelFilter(), bans, Rounds.onThread("kernel-filter"));
        reloader = new Reloader(
                new Reloader.Parts(source, snapshots, listeners, kernel, logs),
                new Reloader.Audience(events, serviceManager),
                clock);
        admin = new Admin(config.admin(), resources(config, source, launch));
    }

    /**
     * Starts a proxy; blocks until every listener accepts.
     *
     * @param source where a reload finds the next configuration
     * @param launch for one that can start a successor, and perhaps takes over from a process that runs with the same
     *     configuration; where none does, it just starts
     * @param begins given the proxy before it begins, for who has to end it whenever that is
     * @throws IOException if a listener cannot bind, a file cannot be used or the other process does not hand over, and
     *     then goes on; nothing is left running here
     */
    public static Portcullis start(
            PortcullisConfig config, ConfigSource source, Optional<Launch> launch, Consumer<Portcullis> begins)
            throws IOException {
        Portcullis portcullis = new Portcullis(config, source, launch);
        begins.accept(portcullis);
        Optional<Predecessor> found = Optional.empty();
        try {
            if (launch.isPresent() && launch.get().takesOver()) {
                found = Predecessor.find(config.admin());
                if (found.isEmpty()) {
                    LOG.info("no process runs with this configuration: there is nothing to take over");
                }
            }
            if (found.isPresent()) {
                portcullis.begin(found.get());
            } else {
                portcullis.begin();
            }
            return portcullis;
        } catch (IOException | RuntimeException e) {
            found.ifPresent(portcullis::stepBack);
            portcullis.close();
            throw e;
        }
    }

    /** The same for one that neither takes over nor can be told to start a successor. */
    public static Portcullis start(PortcullisConfig config, ConfigSource source) throws IOException {
        return start(config, source, Optional.empty(), begins -> {});
    }

    /** What has been accepted here meanwhile is served before the other process has everything back. */
    private void stepBack(Predecessor from) {
        listeners.steerBack();
        drain(Patience.LONG);
        from.close();
    }

    /** What is asked of the process and told to it by its admin API. */
    private List<Resource> resources(PortcullisConfig config, ConfigSource source, Optional<Launch> launch) {
        return new AdminResources(
                        new AdminResources.Parts(
                                config,
                                source,
                                launch,
                                snapshots,
                                reloader,
                                listeners,
                                kernel,
                                connections,
                                bans,
                                store,
                                tarpit,
                                logs.access(),
                                events,
                                meters,
                                certificates,
                                eventLoops,
                                successor,
                                () -> isDraining),
                        clock)
                .all();
    }

    private void begin() throws IOException {
        store.start(bans::restore); // in force before the first connection is accepted
        Snapshot first = snapshots.current();
        listeners.prepare(first.config().listeners(), first).commit(first);
        admin.open();
        beginUpkeep();
    }

    private void begin(Predecessor from) throws IOException {
        predecessor = from;
        // When we are alone here, a successor's socket must get nothing before it steers.
        heir.inherit(from, listeners::steerBack);
        Snapshot first = snapshots.current();
        listeners.prepareBeside(first.config().listeners(), first).commit(first);
        if (!listeners.steer()) {
            LOG.warn(
                    "the transport {} cannot tell the system to send new connections here alone: some that the other"
                            + " process has not accepted when it stops are lost, unless net.ipv4.tcp_migrate_req is 1",
                    transport());
        }
        from.depart();
        admin.openWhenFree();
        beginUpkeep();
    }

    private boolean isOnlyOne() {
        Predecessor from = predecessor;
        return from == null || !from.isAccepting();
    }

    private void beginUpkeep() {
        kernel.start();
        background.every(UPKEEP_INTERVAL, bans::upkeep);
        background.every(RESOLVE_INTERVAL, destinations::refreshAddresses);
        background.every(RESOLVE_INTERVAL, snapshots::refreshAccessLists);
        background.every(CERTIFICATE_INTERVAL, certificates::refresh);
        background.every(UPKEEP_INTERVAL, new ProcessWatch(events, store, certificates)::look);
        isServing = true;
        serviceManager.ready(
                "serving on " + listeners().stream().map(Listener::toString).collect(Collectors.joining(" ")));
    }

    private Duration remember() {
        return config().bans().remember();
    }

    private void forEachBan(Consumer<Ban> each) {
        bans.forEachBan(each);
    }

    /**
     * Puts the configuration into force as its files have it now, and looks at the certificates whatever these say. From
     * any thread; returns at once, and tells the outcome in the log.
     */
    public void reloadSoon() {
        background.soon(certificates::refresh);
        reloader.reloadSoon();
    }

    /** Has the connections of a listener that is gone end with their next answers, and cuts what is left after a while. */
    private void retire(Listener gone) {
        gone.leave();
        workers.forEach(worker -> worker.leave(gone.entrance()));
        background.after(RETIRING, () -> listeners.closeGone(gone));
        background.after(config().timeouts().drain(), () -> {
            if (!listeners.open().contains(gone)) { // else a later configuration has it again
                workers.forEach(worker -> worker.cut(gone.entrance()));
            }
        });
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
        return listeners.open();
    }

    /** Where the admin API is; empty where the configuration wants none. */
    public Optional<AdminListener> admin() {
        return admin.listener();
    }

    /** The transport in use, by its name in the configuration. */
    public String transport() {
        return eventLoops.transport().name();
    }

    /** The one in force. */
    public PortcullisConfig config() {
        return snapshots.current().config();
    }

    /**
     * Stops: accepts nothing new at once, lets the exchanges under way end within {@code timeouts.drain}, and cuts what
     * is left. The admin API answers until the end, so that whoever waits can see for what. Blocks until it is done. May
     * be called again meanwhile, with less patience.
     *
     * @param patience long where another process serves: then what clients have begun to connect to is accepted and
     *     served here for another {@link #RETIRING}
     * @return the connections that had to be cut
     */
    public int drain(Patience patience) {
        Duration limit = config().timeouts().drain();
        Duration grace = patience == Patience.LONG ? RETIRING : Duration.ZERO;
        boolean isReplaced = successor.departedFor() != 0;
        if (isServing && !isReplaced) {
            serviceManager.stopping("draining for " + limit.toSeconds() + " s at most", limit.plus(STOPPING));
        }
        isDraining = true;
        reloader.close();
        kernel.close(); // what clients have begun to connect to is refused here, where everything is known
        events.publish(new Event.Draining());
        if (isReplaced) {
            events.end(); // the successor has others
        }
        workers.forEach(worker -> worker.drain(patience));
        try {
            TimeUnit.NANOSECONDS.sleep(grace.toNanos());
            listeners.close();
            successor.retired();
            long end = System.nanoTime() + limit.minus(grace).toNanos();
            while (connections.open() > 0 && System.nanoTime() - end < 0 && !isClosed()) {
                TimeUnit.NANOSECONDS.sleep(DRAIN_POLL.toNanos());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // cut now what is left
        }
        int cut = connections.open();
        close();
        return cut;
    }

    /** Completed with the process id of the one that has taken over: this one is to {@link #drain} with patience. */
    public CompletionStage<Long> departure() {
        return departure;
    }

    private synchronized boolean isClosed() {
        return isClosed;
    }

    /** Ends at once. */
    @Override
    public synchronized void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        reloader.close();
        kernel.close();
        events.end();
        listeners.close();
        background.close();
        workers.close();
        successor.end(); // it is told of the last bans
        admin.close();
        serviceManager.close();
        store.close(); // after the last of those who tell it of bans
        logs.close();
    }

    /** What a successor asks of this process. */
    private final class Handing implements Successor.Handing {
        @Override
        public void forEachBan(Consumer<Ban> each) {
            bans.forEachBan(each);
        }

        @Override
        public void lift(Ban ban) {
            bans.lift(ban);
        }

        @Override
        public void depart(long pid) {
            admin.stopListening();
            serviceManager.replacedBy(pid);
            departure.complete(pid);
        }
    }
}
