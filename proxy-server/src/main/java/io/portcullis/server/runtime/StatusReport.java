package io.portcullis.server.runtime;

import io.portcullis.core.ban.BanStore;
import io.portcullis.core.config.BansConfig;
import io.portcullis.core.config.BansConfig.Store;
import io.portcullis.core.config.ListenerConfig;
import io.portcullis.core.config.LogConfig;
import io.portcullis.core.config.PortcullisConfig;
import io.portcullis.core.upstream.Endpoint;
import io.portcullis.core.upstream.Upstream;
import io.portcullis.server.admin.ProcessStatus;
import io.portcullis.server.admin.ProcessStatus.CertificateStatus;
import io.portcullis.server.admin.ProcessStatus.EndpointStatus;
import io.portcullis.server.admin.ProcessStatus.Identity;
import io.portcullis.server.admin.ProcessStatus.ListenerStatus;
import io.portcullis.server.admin.ProcessStatus.LogStatus;
import io.portcullis.server.admin.ProcessStatus.Occupancy;
import io.portcullis.server.admin.ProcessStatus.StoreStatus;
import io.portcullis.server.listener.Listener;
import io.portcullis.server.tls.CertificateState;
import io.portcullis.server.upstream.ReachableUpstream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Asks every part of the process how it is, without walking through bans or clients. Thread-safe. */
final class StatusReport {

    /** Which certificates are told of, though it may be early to worry. */
    private static final Duration SOON = Duration.ofDays(30);

    private final AdminResources.Parts parts;
    private final InstantSource clock;

    StatusReport(AdminResources.Parts parts, InstantSource clock) {
        this.parts = parts;
        this.clock = clock;
    }

    /** How it all is now. Waits while certificates are being read. */
    ProcessStatus now() {
        Snapshot snapshot = parts.snapshots().current();
        PortcullisConfig config = snapshot.config();
        BansConfig.Bounds bounds = parts.atStart().bans().bounds();
        return new ProcessStatus(
                identity(),
                new ProcessStatus.Configuration(
                        parts.source().mainFile().map(Path::toString),
                        parts.snapshots().publishedAt(),
                        config.virtualHosts().size()),
                parts.reloader().lastReload(),
                parts.draining().getAsBoolean(),
                listeners(config),
                parts.kernel().status(),
                new Occupancy(parts.connections().open(), config.limits().maxConnections()),
                new Occupancy(parts.bans().banCount(), bounds.maxBans()),
                new Occupancy(parts.bans().trackedClients(), bounds.trackedClients()),
                store(),
                new LogStatus(target(config.log()), parts.accessLog().dropped()),
                endpointsOut(snapshot),
                certificates());
    }

    private Identity identity() {
        return new Identity(
                Objects.requireNonNullElse(
                        StatusReport.class.getPackage().getImplementationVersion(), "(not packaged)"),
                ProcessHandle.current().pid(),
                ManagementFactory.getRuntimeMXBean().getStartTime(),
                clock.millis(),
                System.getProperty("java.vm.name") + " " + Runtime.version(),
                parts.eventLoops().transport().name(),
                parts.certificates().tlsLibrary().name().toLowerCase(Locale.ROOT),
                parts.atStart().threads());
    }

    private List<ListenerStatus> listeners(PortcullisConfig config) {
        List<ListenerStatus> all = new ArrayList<>();
        for (Listener open : parts.listeners().open()) {
            String text = open.toString();
            String address = text.substring(text.indexOf('=') + 1);
            Optional<ListenerConfig> settings = config.listeners().stream()
                    .filter(one -> one.name().equals(open.name()))
                    .findFirst();
            all.add(new ListenerStatus(
                    open.name(),
                    address,
                    settings.flatMap(ListenerConfig::tls).isPresent(),
                    settings.map(ListenerConfig::http2).orElse(false),
                    settings.map(ListenerConfig::proxyProtocol).orElse(false),
                    parts.kernel().addresses(open)));
        }
        return all;
    }

    private StoreStatus store() {
        BanStore.Condition condition = parts.store().condition();
        Store store = parts.atStart().bans().store();
        return new StoreStatus(
                store instanceof Store.InFile inFile ? Optional.of(inFile.path().toString()) : Optional.empty(),
                condition.fault(),
                condition.waiting());
    }

    private static Optional<String> target(LogConfig log) {
        return log.format() == LogConfig.Format.OFF
                ? Optional.empty()
                : log.access().map(Object::toString);
    }

    private static List<EndpointStatus> endpointsOut(Snapshot snapshot) {
        // Routes may lead to upstreams of one name and the same endpoints.
        Set<EndpointStatus> out = new LinkedHashSet<>();
        for (ReachableUpstream reachable : snapshot.upstreams()) {
            Upstream upstream = reachable.upstream();
            for (Endpoint endpoint : upstream.endpoints()) {
                long since = endpoint.health().outSince();
                if (since > 0) {
                    out.add(new EndpointStatus(
                            upstream.config().name(),
                            endpoint.toString(),
                            since,
                            upstream.endpoints().size() == 1));
                }
            }
        }
        return List.copyOf(out);
    }

    private List<CertificateStatus> certificates() {
        long soon = clock.millis() + SOON.toMillis();
        return parts.certificates().states().stream()
                .filter(state ->
                        state.until().toEpochMilli() < soon || state.fault().isPresent())
                .map(StatusReport::status)
                .toList();
    }

    private static CertificateStatus status(CertificateState state) {
        return new CertificateStatus(
                state.file().toString(), state.until().toEpochMilli(), state.expiresSoon(), state.fault());
    }
}
