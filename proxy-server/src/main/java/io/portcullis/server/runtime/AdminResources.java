package io.portcullis.server.runtime;

import io.netty.buffer.ByteBufAllocator;
import io.portcullis.core.ban.BanEngine;
import io.portcullis.core.ban.BanStore;
import io.portcullis.core.config.PortcullisConfig;
import io.portcullis.server.admin.AdminApi;
import io.portcullis.server.admin.DoctorResource;
import io.portcullis.server.admin.DrainResource;
import io.portcullis.server.admin.EventsResource;
import io.portcullis.server.admin.MetricsResource;
import io.portcullis.server.admin.ReloadResource;
import io.portcullis.server.admin.Resource;
import io.portcullis.server.admin.StatusResource;
import io.portcullis.server.admin.TakeOverResource;
import io.portcullis.server.admin.UpgradeResource;
import io.portcullis.server.exchange.TarpitPlaces;
import io.portcullis.server.listener.ConnectionLimit;
import io.portcullis.server.listener.EventLoops;
import io.portcullis.server.listener.Listener;
import io.portcullis.server.observe.AccessLog;
import io.portcullis.server.observe.Events;
import io.portcullis.server.observe.metrics.Meters;
import io.portcullis.server.observe.metrics.Metric;
import io.portcullis.server.observe.metrics.MetricsText;
import io.portcullis.server.observe.metrics.ProcessSource;
import io.portcullis.server.observe.metrics.Scrape;
import io.portcullis.server.tls.Certificates;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/** What is asked of the process and told to it by its admin API: each resource with the parts that answer for it. */
final class AdminResources {

    private final Parts parts;
    private final InstantSource clock;

    /**
     * Who answers; as many as there are parts with an answer.
     *
     * @param atStart the configuration that the process was started with
     * @param launch for one that can start a successor
     */
    record Parts(
            PortcullisConfig atStart,
            ConfigSource source,
            Optional<Launch> launch,
            Snapshots snapshots,
            Reloader reloader,
            Listeners listeners,
            KernelTier kernel,
            ConnectionLimit connections,
            BanEngine bans,
            BanStore store,
            TarpitPlaces tarpit,
            AccessLog accessLog,
            Events events,
            Meters meters,
            Certificates certificates,
            EventLoops eventLoops,
            Successor successor,
            BooleanSupplier draining) {}

    AdminResources(Parts parts, InstantSource clock) {
        this.parts = parts;
        this.clock = clock;
    }

    List<Resource> all() {
        Snapshots snapshots = parts.snapshots;
        Successor successor = parts.successor;
        List<Resource> all = new ArrayList<>(AdminApi.bans(new AdminApi.Subject(
                parts.bans, parts.store, () -> snapshots.current().virtualHosts(), clock)));
        all.add(new DoctorResource(new Checkup(parts.eventLoops, parts.connections, parts.kernel::status, clock)));
        all.add(new EventsResource(parts.events));
        all.add(new TakeOverResource(successor));
        all.add(new DrainResource(successor));
        parts.launch.ifPresent(known -> all.add(
                new UpgradeResource(new SuccessorStart(known.home(), known.configFile(), successor::departedFor))));
        all.add(new MetricsResource(
                metrics(), () -> snapshots.current().config().admin().metrics().withoutToken()));
        all.add(new ReloadResource(parts.reloader));
        all.add(new StatusResource(new StatusReport(parts, clock)::now));
        return all;
    }

    private void tellKernelFilters(Scrape scrape) {
        Map<String, Integer> byLabel = new TreeMap<>();
        for (Listener listener : parts.listeners.open()) {
            String label = parts.meters.listeners().label(listener.name());
            byLabel.merge(label, parts.kernel.addresses(listener), Integer::sum);
        }
        byLabel.forEach((label, addresses) -> scrape.value(Metric.KERNEL_FILTER_ADDRESSES, addresses, label));
    }

    private MetricsText metrics() {
        StateSource.Parts state =
                new StateSource.Parts(parts.bans, parts.store, parts.accessLog, parts.tarpit, parts.snapshots::current);
        return new MetricsText(List.of(
                parts.meters,
                new StateSource(parts.meters, state),
                this::tellKernelFilters,
                new BuildSource(parts.eventLoops.transport().name(), parts.certificates::tlsLibrary),
                new ConfigMetrics(parts.reloader::lastReload, parts.snapshots::publishedAt),
                new ProcessSource(ByteBufAllocator.DEFAULT)));
    }
}
