package io.portcullis.core.upstream;

import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;

/**
 * Whether an endpoint is worth a try, learnt from the tries of real exchanges: nginx's {@code max_fails} and
 * {@code fail_timeout}.
 *
 * <p>So many failed tries, each within the time-out of the one before, take the endpoint out for the time-out. Then one
 * exchange tries it: its success brings the endpoint back, its failure takes it out for another time-out. A try that
 * ends neither way (its client left) blocks nobody for longer than that either.
 *
 * <p>For all threads, without locks: the state is immutable and replaced by compare-and-set. Times are milliseconds of
 * one clock.
 */
public final class EndpointHealth {

    private static final State HEALTHY = new State(Phase.IN, 0, 0, 0);

    private static final AtomicReferenceFieldUpdater<EndpointHealth, State> STATE =
            AtomicReferenceFieldUpdater.newUpdater(EndpointHealth.class, State.class, "state");

    private volatile State state = HEALTHY;

    EndpointHealth() {}

    /** Whether an exchange may be sent there now: it is in, or due for the one try. */
    public boolean isAvailable(long now) {
        State current = state;
        return current.phase == Phase.IN || now >= current.mark;
    }

    /** Since when it is out, on trial or not; 0 where it is in. */
    public long outSince() {
        return state.outSince;
    }

    /** Claims the endpoint for an exchange; one that was out is then on trial, and nobody else gets it meanwhile. */
    boolean claim(long now, FailurePolicy policy) {
        State current = state;
        if (current.phase == Phase.IN) {
            return true;
        }
        return now >= current.mark
                && STATE.compareAndSet(
                        this, current, new State(Phase.ON_TRIAL, 0, now + policy.failTimeout(), current.outSince));
    }

    /** @return whether this took the endpoint out */
    boolean failed(long now, FailurePolicy policy) {
        if (policy.neverOut()) {
            return false;
        }
        while (true) {
            State current = state;
            State next = current.afterFailure(now, policy);
            if (STATE.compareAndSet(this, current, next)) {
                return current.phase == Phase.IN && next.phase == Phase.OUT;
            }
        }
    }

    /** @return whether this brought the endpoint back */
    boolean succeeded() {
        // One that went out before this exchange ended stays out: its success is older than those failures.
        State current = state;
        return current.phase == Phase.ON_TRIAL && STATE.compareAndSet(this, current, HEALTHY);
    }

    private enum Phase {
        IN,
        OUT,
        ON_TRIAL
    }

    /**
     * @param fails while in: the failed tries that count
     * @param mark while in: when the last try failed; otherwise: from when on the next may try
     * @param outSince 0 while in
     */
    private record State(Phase phase, int fails, long mark, long outSince) {
        State afterFailure(long now, FailurePolicy policy) {
            if (phase == Phase.IN) {
                boolean recent = fails > 0 && now - mark <= policy.failTimeout();
                int counted = recent ? fails + 1 : 1;
                if (counted < policy.maxFails()) {
                    return new State(Phase.IN, counted, now, 0);
                }
            }
            return new State(Phase.OUT, 0, now + policy.failTimeout(), phase == Phase.IN ? now : outSince);
        }
    }
}
