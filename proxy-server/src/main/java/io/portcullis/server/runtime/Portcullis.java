package io.portcullis.server.runtime;

import io.portcullis.core.ban.Ban;
import io.portcullis.core.ban.BanEngine;
import io.portcullis.core.ban.BanListener;
import io.portcullis.core.ban.BanStore;
import io.portcullis.core.ban.Evidence;
import io.portcullis.core.config.PortcullisConfig;
import io.portcullis.core.net.IpAddress;
import io.portcullis.server.admin.AdminApi;
import io.portcullis.server.admin.AdminListener;
import io.portcullis.server.admin.EventsResource;
import io.portcullis.server.admin.Resource;
import io.portcullis.server.admin.ToldEvidence;
import io.portcullis.server.exchange.Patience;
import io.portcullis.server.exchange.TarpitPlaces;
import io.portcullis.server.exchange.Worker;
import io.portcullis.server.listener.ConnectionLimit;
import io.portcullis.server.listener.Listener;
import io.portcullis.server.listener.Transport;
import io.portcullis.server.observe.Event;
import io.portcullis.server.observe.Events;
import io.portcullis.server.observe.Logs;
import io.portcullis.server.store.BanStores;
import io.portcullis.server.tls.Certificates;
import io.portcullis.server.tls.TlsLibrary;
import io.portcullis.server.upstream.Destinations;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One running proxy: wires every part to the others, and is the only class that sees them all.
 *
 * <p>Started and stopped by one thread; {@link #bans} may be used from any.
 */
public final class Portcullis implements AutoCloseable {

    private static final Duration UPKEEP_INTERVAL = Duration.ofSeconds(1);
    private static final Duration RESOLVE_INTERVAL = Duration.ofSeconds(30);
    private static final Duration CERTIFICATE_INTERVAL = Duration.ofSeconds(3);
    private static final Duration DRAIN_POLL = Duration.ofMillis(20);

    private final InstantSource clock = new MonotonicClock();
    private final Destinations destinations = new Destinations();
    private final Certificates certificates = new Certificates(clock);
    private final ConnectionLimit connections = new ConnectionLimit();
    private final Events events = new Events(clock);
    private final Transport transport;
    private final BanStore store;
    private final BanEngine bans;
    private final Snapshots snapshots;
    private final Logs logs;
    private final Workers workers;
    private final Listeners listeners;
    private final Admin admin;
    private final Background background = new Background();

    private Portcullis(PortcullisConfig config) throws IOException {
        TlsLibrary.refuseRenegotiation();
        transport = Transport.load(config.transport());
        logs = Logs.open(config.log(), clock);
        store = BanStores.of(config.bans(), clock, this::forEachBan);
        Workers.Enforcement enforcement = new Workers.Enforcement();
        // What a ban ends must end, before anybody writes down that it fell.
        BanListener told = new BanListeners(List.of(enforcement, store, logs.bans(), events));
        bans = new BanEngine(
                config.bans(), Snapshots.exempt(config), new BanEngine.Sources(clock, new SecureRandom()), told);
        Map<String, Integer> ports = new ConcurrentHashMap<>();
        snapshots =
                new Snapshots(bans, new Snapshot.Sources(destinations, new TlsListeners.Sources(certificates, ports)));
        snapshots.publish(snapshots.build(config));
        workers = Workers.start(
                config.threads(),
                transport,
                new Worker.Shared(
                        bans, logs.access(), events, clock, System::nanoTime, snapshots::current, new TarpitPlaces()));
        enforcement.by(workers);
        listeners = new Listeners(
                new Listener.Accepting(
                        workers.eventLoops(), transport, workers::of, bans, snapshots::current, connections),
                ports);
        admin = new Admin(config.admin(), resources());
    }

    /**
     * Starts a proxy; blocks until every listener accepts.
     *
     * @throws IOException if a listener cannot bind or a file cannot be used; nothing is left running then
     */
    public static Portcullis start(PortcullisConfig config) throws IOException {
        Portcullis portcullis = new Portcullis(config);
        try {
            portcullis.begin();
        } catch (IOException | RuntimeException e) {
            portcullis.close();
            throw e;
        }
        return portcullis;
    }

    /** What is asked of the process and told to it by its admin API. */
    private List<Resource> resources() {
        List<Resource> resources = new ArrayList<>(AdminApi.bans(
                new AdminApi.Subject(bans, store, () -> snapshots.current().virtualHosts(), clock)));
        resources.add(new EventsResource(events));
        return resources;
    }

    private void begin() throws IOException {
        store.start(bans::restore); // in force before the first connection is accepted
        listeners.open(snapshots.current().config().listeners());
        admin.open();
        background.every(UPKEEP_INTERVAL, bans::upkeep);
        background.every(RESOLVE_INTERVAL, destinations::refreshAddresses);
        background.every(RESOLVE_INTERVAL, snapshots::refreshAccessLists);
        background.every(CERTIFICATE_INTERVAL, certificates::refresh);
    }

    private void forEachBan(Consumer<Ban> each) {
        bans.forEachBan(each);
    }

    /** Looks for changed certificates now, and not only in a few seconds. From any thread; returns at once. */
    public void refreshCertificates() {
        background.soon(certificates::refresh);
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
        return transport.name();
    }

    /** The one in force. */
    public PortcullisConfig config() {
        return snapshots.current().config();
    }

    /**
     * Stops: accepts nothing new at once, lets the exchanges under way end within {@code timeouts.drain}, and cuts what
     * is left. Blocks until it is done.
     *
     * @return the connections that had to be cut
     */
    public int drain() {
        events.publish(new Event.Draining());
        events.end();
        admin.close();
        listeners.close();
        workers.forEach(worker -> worker.drain(Patience.SHORT));
        long end = System.nanoTime() + config().timeouts().drain().toNanos();
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
        admin.close();
        listeners.close();
        background.close();
        workers.close();
        store.close(); // after the last of those who tell it of bans
        logs.close();
    }
}
