package io.portcullis.core.ban;

import io.portcullis.core.ban.Evidence.Counter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The counters of one client, one for each jail of each virtual host that has counted it.
 *
 * <p>They go by the names of virtual host and jail, so a reload keeps them. There are few, so a list is searched.
 *
 * <p>Not safe for use by several threads: guarded by its client's lock in the {@link BanEngine}.
 */
final class TrackedClient {

    private final List<JailCounter> counters = new ArrayList<>(1);

    /** The counter of that jail, which may be of a newer snapshot than when it was last asked for. */
    OffenceCounter counterOf(Jail jail, long now) {
        for (JailCounter counter : counters) {
            if (counter.isOf(jail)) {
                counter.jail = jail;
                return counter.offences;
            }
        }
        // Jails that a reload took away are never asked for again; here their counters go.
        counters.removeIf(counter -> counter.count(now) == 0);
        JailCounter added = new JailCounter(jail);
        counters.add(added);
        return added.offences;
    }

    void clear(Jail jail) {
        counters.removeIf(counter -> counter.isOf(jail));
    }

    /** Clears what could lead to a ban of that scope. */
    void clear(BanScope scope) {
        counters.removeIf(counter -> counter.jail.scope().equals(scope));
    }

    boolean isEmpty() {
        return counters.isEmpty();
    }

    /** Those with an offence in their window. */
    List<Counter> counters(long now) {
        List<Counter> told = new ArrayList<>(counters.size());
        for (JailCounter counter : counters) {
            Jail jail = counter.jail;
            int count = counter.count(now);
            if (count > 0) {
                told.add(new Counter(
                        jail.virtualHost(), jail.name(), count, jail.maxRetry(), Duration.ofMillis(jail.findTime())));
            }
        }
        return told;
    }

    /** In no particular order. */
    List<Offence> offences() {
        List<Offence> all = new ArrayList<>();
        counters.forEach(counter -> all.addAll(counter.offences.evidence()));
        return all;
    }

    private static final class JailCounter {
        private final OffenceCounter offences = new OffenceCounter();
        private Jail jail;

        JailCounter(Jail jail) {
            this.jail = jail;
        }

        boolean isOf(Jail other) {
            return jail.name().equals(other.name()) && jail.virtualHost().equals(other.virtualHost());
        }

        int count(long now) {
            return offences.count(now, jail.findTime());
        }
    }
}
