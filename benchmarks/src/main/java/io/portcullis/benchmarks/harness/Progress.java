package io.portcullis.benchmarks.harness;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The line that tells how far a run is: {@code [3/17] small-64: round 2 of 5, nginx ... 12 min left}. On a terminal it stays
 * one line; elsewhere there is one for each step of a scenario, and not for each proxy.
 */
final class Progress {

    private static final String CLEAR = "\r\u001b[K";

    private final PrintWriter out;
    private final boolean terminal;
    private final LongSupplier nanos;
    private String place = "";
    private String step = "";
    private long scenarioUntil;
    private Duration afterwards = Duration.ZERO;

    /** @param nanos the time, as {@link System#nanoTime} gives it */
    Progress(PrintWriter out, boolean terminal, LongSupplier nanos) {
        this.out = out;
        this.terminal = terminal;
        this.nanos = nanos;
    }

    /**
     * The next scenario.
     *
     * @param estimate of it
     * @param afterwards the estimate of all that come then
     */
    void scenario(String id, int number, int count, Duration estimate, Duration afterwards) {
        place = "[" + number + "/" + count + "] " + id + ": ";
        step = "";
        scenarioUntil = nanos.getAsLong() + estimate.toNanos();
        this.afterwards = afterwards;
    }

    /** What is done, and with which proxy. */
    void step(String what, String peer) {
        if (terminal) {
            out.print(CLEAR + place + what + ", " + peer + " ... " + left());
            out.flush();
        } else if (!what.equals(step)) {
            out.println(place + what + " ... " + left());
            out.flush();
        }
        step = what;
    }

    /** Something that stays to be read. */
    void say(String line) {
        clear();
        out.println(line);
        out.flush();
    }

    void clear() {
        if (terminal) {
            out.print(CLEAR);
            out.flush();
        }
    }

    private String left() {
        long here = Math.max(0, scenarioUntil - nanos.getAsLong());
        long seconds = afterwards.plusNanos(here).toSeconds();
        return seconds < 90 ? seconds + " s left" : (seconds + 30) / 60 + " min left";
    }
}
