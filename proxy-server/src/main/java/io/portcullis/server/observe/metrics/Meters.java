package io.portcullis.server.observe.metrics;

import io.portcullis.core.ban.Sentence;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/**
 * All that the process counts of its traffic.
 *
 * <p>Each event loop counts in objects of its own, which nobody else writes ({@link Cells}); a scrape adds them up. What
 * series there are the configuration decides alone, and of its virtual hosts and endpoints so many have series of their
 * own as {@code admin.metrics.max-hosts} says. Thread-safe.
 */
public final class Meters implements MetricSource {

    /** What concerns no virtual host. */
    private static final String NO_HOST = "-";

    /** More listeners than that share their series. */
    private static final int MOST_LISTENERS = 100;

    private static final String[] OUTCOMES = {"1xx", "2xx", "3xx", "4xx", "5xx", "dropped"};
    private static final double NANOS_A_SECOND = 1e9;

    private final LongSupplier nanoTime;
    private final HostMeter noHost;
    private final Named<HostMeter> hosts;
    private final Named<EndpointMeter> endpoints;
    private final Named<ListenerMeter> listeners;
    private final BanMeters bans;
    private final List<WorkerMeter> workers;

    /**
     * @param workers how many event loops count
     * @param maxHosts how many virtual hosts, and how many endpoints, have series of their own
     * @param nanoTime as {@link System#nanoTime}
     */
    public Meters(int workers, int maxHosts, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.noHost = new HostMeter(workers);
        this.hosts = new Named<>(maxHosts, () -> new HostMeter(workers), nanoTime);
        this.endpoints = new Named<>(maxHosts, () -> new EndpointMeter(workers), nanoTime);
        this.listeners = new Named<>(MOST_LISTENERS, ListenerMeter::new, nanoTime);
        this.bans = new BanMeters(hosts::label);
        this.workers = IntStream.range(0, workers)
                .mapToObj(number -> new WorkerMeter(number, noHost, nanoTime.getAsLong()))
                .toList();
    }

    /** By virtual hosts' names. */
    public Named<HostMeter> hosts() {
        return hosts;
    }

    /** By {@code scheme://host:port}. */
    public Named<EndpointMeter> endpoints() {
        return endpoints;
    }

    /** By listeners' names. */
    public Named<ListenerMeter> listeners() {
        return listeners;
    }

    /** To be told of each change of the ban list. */
    public BanMeters bans() {
        return bans;
    }

    /** @param number from 0 on */
    public WorkerMeter worker(int number) {
        return workers.get(number);
    }

    /** Tells how many bans are in force, by what there is of each sentence. */
    public void tellActive(Map<Sentence, Long> active, Scrape scrape) {
        Map<BanMeters.Label, Long> byLabel = new HashMap<>();
        active.forEach((sentence, count) -> byLabel.merge(bans.label(sentence), count, Long::sum));
        byLabel.forEach((label, count) -> scrape.value(Metric.BANS_ACTIVE, (double) count, label.values()));
    }

    @Override
    public void tell(Scrape scrape) {
        tellHost(NO_HOST, noHost, scrape);
        hosts.forEach((name, meter) -> tellHost(name, meter, scrape));
        endpoints.forEach((name, meter) -> tellEndpoint(name, meter, scrape));
        listeners.forEach((name, meter) -> tellListener(name, meter, scrape));
        tellRefusals(scrape);
        bans.writeTo(scrape);
        tellWorkers(scrape);
    }

    private static void tellHost(String name, HostMeter meter, Scrape scrape) {
        for (int outcome = 0; outcome < OUTCOMES.length; outcome++) {
            scrape.value(Metric.EXCHANGES, (double) meter.sum(outcome), name, OUTCOMES[outcome]);
        }
        scrape.histogram(Metric.EXCHANGE_FIRST_BYTE, meter.histogram(HostTally.FIRST_BYTE), name);
        scrape.histogram(Metric.EXCHANGE_DURATION, meter.histogram(HostTally.DURATION), name);
        scrape.value(Metric.REQUEST_BODY_BYTES, (double) meter.sum(HostTally.RECEIVED), name);
        scrape.value(Metric.ANSWER_BODY_BYTES, (double) meter.sum(HostTally.SENT), name);
    }

    private static void tellEndpoint(String name, EndpointMeter meter, Scrape scrape) {
        scrape.histogram(Metric.ENDPOINT_ANSWER, meter.answerTimes(), name);
        for (EndpointFailure how : EndpointFailure.values()) {
            scrape.value(
                    Metric.ENDPOINT_FAILURES, (double) meter.sum(EndpointTally.FAILURES + how.cell), name, how.label());
        }
        scrape.value(Metric.ENDPOINT_RETRIES, (double) meter.sum(EndpointTally.RETRIED), name);
        long idle = meter.sum(EndpointTally.IDLE);
        scrape.value(Metric.ENDPOINT_CONNECTIONS, (double) idle, name, "idle");
        // Read one after the other, so for a moment more can be idle than there are.
        scrape.value(
                Metric.ENDPOINT_CONNECTIONS,
                (double) Math.max(0, meter.sum(EndpointTally.OPEN) - idle),
                name,
                "in-use");
        scrape.value(Metric.ENDPOINT_CONNECTIONS_OPENED, (double) meter.sum(EndpointTally.OPENED), name);
    }

    private static void tellListener(String name, ListenerMeter meter, Scrape scrape) {
        scrape.value(Metric.CONNECTIONS_ACCEPTED, (double) meter.accepted.sum(), name);
        scrape.value(Metric.CONNECTIONS_OPEN, (double) meter.open.sum(), name);
        scrape.value(Metric.CONNECTIONS_OVER_LIMIT, (double) meter.overLimit.sum(), name);
        scrape.value(Metric.CONNECTION_PROTOCOLS, (double) meter.http1.sum(), name, "http/1");
        scrape.value(Metric.CONNECTION_PROTOCOLS, (double) meter.http2.sum(), name, "http/2");
        scrape.value(Metric.TLS_HANDSHAKES, (double) meter.tls12.sum(), name, ListenerMeter.TLS_1_2);
        scrape.value(Metric.TLS_HANDSHAKES, (double) meter.tls13.sum(), name, ListenerMeter.TLS_1_3);
        for (TlsFailure why : TlsFailure.values()) {
            scrape.value(Metric.TLS_HANDSHAKE_FAILURES, (double) meter.failures(why), name, why.label());
        }
    }

    private void tellRefusals(Scrape scrape) {
        long[] refused = new long[2];
        listeners.forEach((name, meter) -> {
            refused[0] += meter.refusedAtAccept.sum();
            refused[1] += meter.refusedAtSni.sum();
        });
        scrape.value(Metric.REFUSALS, (double) refused[0], "accept");
        scrape.value(Metric.REFUSALS, (double) refused[1], "sni");
        scrape.value(Metric.REFUSALS, (double) sum(WorkerMeter.REFUSED), "request");
    }

    private void tellWorkers(Scrape scrape) {
        long ended = sum(WorkerMeter.ENDED);
        scrape.value(Metric.EXCHANGES_IN_FLIGHT, (double) Math.max(0, sum(WorkerMeter.BEGUN) - ended));
        scrape.value(Metric.TUNNELS, (double) sum(WorkerMeter.TUNNELS));
        Buckets.Sum lag = new Buckets.Sum();
        long now = nanoTime.getAsLong();
        long stall = 0;
        for (WorkerMeter worker : workers) {
            lag.add(worker.cells, WorkerMeter.LAG);
            stall = Math.max(stall, worker.lateBy(now));
        }
        scrape.histogram(Metric.EVENT_LOOP_LAG, lag);
        scrape.value(Metric.EVENT_LOOP_STALL, stall / NANOS_A_SECOND);
    }

    private long sum(int cell) {
        return workers.stream().mapToLong(worker -> worker.cells.get(cell)).sum();
    }

    /** A configuration with these virtual hosts, endpoints and listeners is in force. */
    public void inService(
            Collection<String> hostNames, Collection<String> endpointNames, Collection<String> listenerNames) {
        hosts.inService(hostNames);
        endpoints.inService(endpointNames);
        listeners.inService(listenerNames);
    }
}
