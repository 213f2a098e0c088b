package io.portcullis.server.runtime;

import io.portcullis.core.net.Cidr;
import io.portcullis.core.net.IpAddress;
import io.portcullis.server.admin.KernelFilterStatus;
import io.portcullis.server.admin.Vitals;
import io.portcullis.server.listener.ConnectionLimit;
import io.portcullis.server.listener.EventLoops;
import java.lang.management.ManagementFactory;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** What {@code portcullis doctor} must know of the process and cannot see from outside. Thread-safe. */
final class Checkup implements Supplier<Vitals> {

    private final EventLoops eventLoops;
    private final ConnectionLimit connections;
    private final Supplier<KernelFilterStatus> kernelFilter;
    private final InstantSource clock;

    Checkup(
            EventLoops eventLoops,
            ConnectionLimit connections,
            Supplier<KernelFilterStatus> kernelFilter,
            InstantSource clock) {
        this.eventLoops = eventLoops;
        this.connections = connections;
        this.kernelFilter = kernelFilter;
        this.clock = clock;
    }

    /** Blocks for a moment: reads the routing tables. */
    @Override
    public Vitals get() {
        List<Vitals.Peer> peers = connections.recentPeers().counts().entrySet().stream()
                .map(peer -> new Vitals.Peer(IpAddress.of(peer.getKey()), peer.getValue()))
                .sorted(Comparator.comparingInt(Vitals.Peer::connections)
                        .reversed()
                        .thenComparing(Vitals.Peer::address))
                .toList();
        return new Vitals(
                ProcessHandle.current().pid(),
                ManagementFactory.getRuntimeMXBean().getStartTime(),
                clock.instant().toEpochMilli(),
                new Vitals.Engine(
                        eventLoops.transport().name(),
                        eventLoops.passedOver(),
                        Runtime.getRuntime().maxMemory()),
                Optional.of(kernelFilter.get()),
                connections.open(),
                peers,
                Gateways.read().stream().map(Cidr::network).distinct().toList());
    }
}
