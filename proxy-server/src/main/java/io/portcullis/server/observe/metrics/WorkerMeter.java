package io.portcullis.server.observe.metrics;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What one event loop counts of its own work. Written by that event loop alone. */
public final class WorkerMeter {

    /** Between two calls of {@link #ticked}. */
    public static final long TICK_MILLIS = 100;

    static final int BEGUN = 0;
    static final int ENDED = 1;
    static final int REFUSED = 2;
    static final int TUNNELS = 3;
    static final int TICKED = 4;
    static final int LAG = 5;

    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS);
    private static final int CELLS = LAG + Buckets.CELLS;

    final Cells cells = new Cells(CELLS);

    private final int number;
    private final HostMeter noHost;

    /** @param noHost for what concerns no virtual host */
    WorkerMeter(int number, HostMeter noHost, long now) {
        this.number = number;
        this.noHost = noHost;
        cells.set(TICKED, now);
    }

    /** What it counts in of a virtual host's exchanges; null for those of none. */
    public HostTally tally(@Nullable HostMeter host) {
        return (host == null ? noHost : host).tally(number);
    }

    /** What it counts in of an endpoint. */
    public EndpointTally tally(EndpointMeter endpoint) {
        return endpoint.tally(number);
    }

    /** An exchange is under way. */
    public void begun() {
        cells.add(BEGUN, 1);
    }

    /** One that had {@link #begun} is over. */
    public void ended() {
        cells.add(ENDED, 1);
    }

    /** A request was refused because of a ban. */
    public void refused() {
        cells.add(REFUSED, 1);
    }

    public void tunnelOpened() {
        cells.add(TUNNELS, 1);
    }

    public void tunnelClosed() {
        cells.add(TUNNELS, -1);
    }

    /**
     * The event loop has come round to what it does every {@value #TICK_MILLIS} ms.
     *
     * @param now as {@link System#nanoTime}
     */
    public void ticked(long now) {
        long lag = lateBy(now);
        cells.set(TICKED, now);
        Buckets.record(cells, LAG, Math.max(0, lag));
    }

    /** How long the event loop should have come round already. By anybody. */
    long lateBy(long now) {
        return now - cells.get(TICKED) - TICK_NANOS;
    }
}
