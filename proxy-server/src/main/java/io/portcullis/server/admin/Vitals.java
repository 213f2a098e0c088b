package io.portcullis.server.admin;

import io.portcullis.core.net.IpAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a running process tells of itself to {@code portcullis doctor}.
 *
 * @param started milliseconds since the epoch
 * @param now by the process's own clock, in milliseconds since the epoch
 * @param kernelFilter empty where the process does not say, being of an older version
 * @param connections of clients, open now
 * @param recentPeers where the last 256 connections came from, most first
 * @param gateways the default gateways of the process's network
 */
public record Vitals(
        long pid,
        long started,
        long now,
        Engine engine,
        Optional<KernelFilterStatus> kernelFilter,
        int connections,
        List<Peer> recentPeers,
        List<IpAddress> gateways) {

    /**
     * What it runs on.
     *
     * @param transport as the configuration names them
     * @param passedOver the better transports, by name, and why each does not work here; none where it was asked for by name
     * @param maxHeap the most bytes that the JVM's heap may take
     */
    public record Engine(String transport, Map<String, String> passedOver, long maxHeap) {

        public Engine {
            passedOver = Map.copyOf(passedOver);
        }
    }

    /** An address that connected, and how many of the last connections were its. */
    public record Peer(IpAddress address, int connections) {}

    public Vitals {
        recentPeers = List.copyOf(recentPeers);
        gateways = List.copyOf(gateways);
    }
}
