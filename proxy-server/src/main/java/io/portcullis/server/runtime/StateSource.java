package io.portcullis.server.runtime;

import io.portcullis.core.ban.BanEngine;
import io.portcullis.core.ban.BanStore;
import io.portcullis.core.ban.Holdings;
import io.portcullis.core.config.ListenerConfig;
import io.portcullis.core.route.VirtualHost;
import io.portcullis.core.upstream.Endpoint;
import io.portcullis.server.exchange.TarpitPlaces;
import io.portcullis.server.observe.AccessLog;
import io.portcullis.server.observe.metrics.Meters;
import io.portcullis.server.observe.metrics.Metric;
import io.portcullis.server.observe.metrics.MetricSource;
import io.portcullis.server.observe.metrics.Scrape;
import io.portcullis.server.tls.ServedCertificate;
import io.portcullis.server.upstream.Destination;
import io.portcullis.server.upstream.ReachableUpstream;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/** What a scrape is told of the state that the process is in: bans, clients, endpoints, certificates, the store. */
final class StateSource implements MetricSource {

    private static final double MILLIS_A_SECOND = 1e3;

    private final Meters meters;
    private final Parts parts;

    /**
     * What is asked; thread-safe each.
     *
     * @param snapshot the one in force
     */
    record Parts(
            BanEngine bans, BanStore store, AccessLog accessLog, TarpitPlaces tarpit, Supplier<Snapshot> snapshot) {}

    StateSource(Meters meters, Parts parts) {
        this.meters = meters;
        this.parts = parts;
    }

    @Override
    public void tell(Scrape scrape) {
        Snapshot snapshot = parts.snapshot.get();
        tellBans(scrape);
        BanStore.Condition store = parts.store.condition();
        scrape.value(Metric.STORE_UP, store.usable() ? 1 : 0);
        scrape.value(Metric.STORE_QUEUE, store.waiting());
        scrape.value(Metric.ACCESS_LOG_DROPPED, (double) parts.accessLog.dropped());
        scrape.value(Metric.TARPIT_HELD, parts.tarpit.taken());
        scrape.value(Metric.CONNECTIONS_LIMIT, snapshot.limits().maxConnections());
        tellEndpoints(snapshot, scrape);
        tellCertificates(snapshot, scrape);
    }

    private void tellBans(Scrape scrape) {
        Holdings holdings = parts.bans.holdings();
        meters.tellActive(holdings.bySentence(), scrape);
        scrape.value(Metric.BAN_LIST_ENTRIES, holdings.bans());
        scrape.value(Metric.BAN_LIST_LIMIT, holdings.maxBans());
        scrape.value(Metric.BANS_GIVEN_UP, (double) holdings.givenUp());
        scrape.value(Metric.TRACKED_CLIENTS, holdings.clients());
        scrape.value(Metric.TRACKED_CLIENTS_LIMIT, holdings.maxClients());
        scrape.value(Metric.TRACKED_CLIENTS_EVICTED, (double) holdings.evicted());
    }

    /** Of those that have series of their own; the state of all others together says nothing. */
    private void tellEndpoints(Snapshot snapshot, Scrape scrape) {
        Set<Endpoint> told = new HashSet<>();
        Set<String> pairs = new HashSet<>();
        for (ReachableUpstream upstream : snapshot.upstreams()) {
            String name = upstream.upstream().config().name();
            for (Destination destination : upstream.destinations()) {
                Endpoint endpoint = destination.endpoint();
                String label = endpoint.toString();
                if (!meters.endpoints().label(label).equals(label)) {
                    continue;
                }
                if (told.add(endpoint)) {
                    scrape.value(Metric.ENDPOINT_UP, endpoint.health().outSince() == 0 ? 1 : 0, label);
                }
                if (pairs.add(name + "\n" + label)) {
                    scrape.value(Metric.UPSTREAM_ENDPOINT, 1, name, label);
                }
            }
        }
    }

    /** Where a host has several, the one that expires first. */
    private void tellCertificates(Snapshot snapshot, Scrape scrape) {
        Map<String, Instant> byHost = new TreeMap<>();
        for (ListenerConfig listener : snapshot.config().listeners()) {
            for (VirtualHost host : snapshot.hosts()) {
                ServedCertificate shown = snapshot.certificate(listener.name(), host);
                if (shown != null) {
                    byHost.merge(meters.hosts().label(host.name()), shown.notAfter(), StateSource::earlier);
                }
            }
        }
        byHost.forEach((host, notAfter) ->
                scrape.value(Metric.CERTIFICATE_EXPIRY, notAfter.toEpochMilli() / MILLIS_A_SECOND, host));
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }
}
