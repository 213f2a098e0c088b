package io.portcullis.server.listener;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Where the last connections came from: enough to see that all clients arrive under one address. Thread-safe, and costs a
 * connection one counter and one reference.
 */
public final class RecentPeers {

    private static final int SIZE = 256;

    private final AtomicReferenceArray<@Nullable InetAddress> ring = new AtomicReferenceArray<>(SIZE);
    private final AtomicInteger next = new AtomicInteger();

    void add(@Nullable SocketAddress remote) {
        if (remote instanceof InetSocketAddress peer) {
            ring.setRelease(next.getAndIncrement() & (SIZE - 1), peer.getAddress());
        }
    }

    /** How many of the last 256 connections each address has made. */
    public Map<InetAddress, Integer> counts() {
        Map<InetAddress, Integer> counts = new HashMap<>();
        for (int i = 0; i < SIZE; i++) {
            InetAddress peer = ring.getAcquire(i);
            if (peer != null) {
                counts.merge(peer, 1, Integer::sum);
            }
        }
        return counts;
    }
}
