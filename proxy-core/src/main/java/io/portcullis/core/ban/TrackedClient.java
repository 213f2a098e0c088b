package io.portcullis.core.ban;

import io.portcullis.core.ban.Evidence.Counter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one client: a counter for each jail of each virtual host that has counted it, its last offences, and
 * whether a person has just let it in again.
 *
 * <p>Counters go by the names of virtual host and jail, so a reload keeps them. There are few, so a list is searched.
 *
 * <p>Not safe for use by several threads: guarded by its client's lock in the {@link BanEngine}.
 */
final class TrackedClient {

    private final List<JailCounter> counters = new ArrayList<>(1);
    private final LastOffences lastOffences = new LastOffences();
    private List<Grace> graces = List.of();

    /** @param scope null for every scope */
    private record Grace(@Nullable BanScope scope, long since, long until) {

        /** A clock that is set back ends it, rather than to let a client offend for as long as it was set back. */
        boolean isOver(long now) {
            return now < since || now >= until;
        }
    }

    /** The counter of that jail, which may be of a newer snapshot than when it was last asked for. */
    OffenceCounter counterOf(Jail jail, ErrorSurvey survey, long now) {
        for (JailCounter counter : counters) {
            if (counter.isOf(jail)) {
                counter.renew(jail, survey);
                return counter.offences;
            }
        }
        // Jails that a reload took away are never asked for again; here their counters go.
        counters.removeIf(counter -> counter.count(now) == 0);
        JailCounter added = new JailCounter(jail, survey);
        counters.add(added);
        return added.offences;
    }

    void remember(Offence offence) {
        lastOffences.add(offence);
    }

    void clear(Jail jail) {
        counters.removeIf(counter -> counter.isOf(jail));
    }

    /** Clears what could lead to a ban of that scope. */
    void clear(BanScope scope) {
        counters.removeIf(counter -> counter.jail.scope().equals(scope));
    }

    /** Lets nothing count for bans of that scope, null for every scope, until that time. */
    void grant(@Nullable BanScope scope, long now, long until) {
        List<Grace> granted = new ArrayList<>(graces);
        granted.removeIf(grace -> grace.isOver(now));
        granted.add(new Grace(scope, now, until));
        graces = granted;
    }

    boolean isInGrace(BanScope scope, long now) {
        for (Grace grace : graces) {
            if (!grace.isOver(now) && (grace.scope == null || grace.scope.equals(scope))) {
                return true;
            }
        }
        return false;
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

    /** Oldest first; those that have led to a ban among them. */
    List<Offence> lastOffences() {
        return lastOffences.all();
    }

    private static final class JailCounter {
        private OffenceCounter offences = new OffenceCounter();
        private Jail jail;
        private ErrorSurvey survey;
        private int amnesties;

        JailCounter(Jail jail, ErrorSurvey survey) {
            this.jail = jail;
            this.survey = survey;
            this.amnesties = survey.amnesties(jail);
        }

        boolean isOf(Jail other) {
            return jail.name().equals(other.name()) && jail.virtualHost().equals(other.virtualHost());
        }

        void renew(Jail newer, ErrorSurvey newerSurvey) {
            jail = newer;
            survey = newerSurvey;
            if (isVoid()) {
                offences = new OffenceCounter();
                amnesties = survey.amnesties(jail);
            }
        }

        int count(long now) {
            return isVoid() ? 0 : offences.count(now, jail.findTime());
        }

        private boolean isVoid() {
            return amnesties != survey.amnesties(jail);
        }
    }
}
