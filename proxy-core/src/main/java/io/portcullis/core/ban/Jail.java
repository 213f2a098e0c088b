package io.portcullis.core.ban;

import io.portcullis.core.config.JailConfig;
import io.portcullis.core.config.JailConfig.Count;
import io.portcullis.core.config.JailConfig.Increment;
import io.portcullis.core.config.JailConfig.On;
import io.portcullis.core.config.JailConfig.Scope;
import io.portcullis.core.http.RequestHead;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** A compiled rule of one virtual host: which observations count, how many within its window, and how long to ban. */
final class Jail {

    private final String virtualHost;
    private final String name;
    private final Sentence sentence;
    private final Set<On> on;
    private final JailConditions conditions;
    private final boolean countsDistinctPaths;
    private final int weight;
    private final int maxRetry;
    private final long findTime;
    private final long banTime;
    private final Optional<Increment> increment;

    private Jail(String virtualHost, JailConfig config) {
        this.virtualHost = virtualHost;
        this.name = config.name();
        this.sentence = new Sentence(
                scopeOf(virtualHost, config.penalty().scope()),
                name,
                config.penalty().action(),
                config.dryRun() ? Sentence.Mode.DRY_RUN : Sentence.Mode.ENFORCED);
        this.on = EnumSet.noneOf(On.class);
        on.addAll(config.conditions().on());
        this.conditions = new JailConditions(config.conditions());
        this.countsDistinctPaths = config.threshold().count() == Count.DISTINCT_PATHS;
        this.weight = countsDistinctPaths ? 1 : config.threshold().weight();
        this.maxRetry = config.threshold().maxRetry();
        this.findTime = BanTime.millis(config.threshold().findTime());
        this.banTime = BanTime.millis(config.penalty().banTime());
        this.increment = config.penalty().increment();
    }

    /** @param virtualHost {@link JailSet#NO_HOST} for a jail of what concerns none: its bans cover all hosts */
    static Jail compile(String virtualHost, JailConfig config) {
        return new Jail(virtualHost, config);
    }

    private static BanScope scopeOf(String virtualHost, Scope scope) {
        return scope == Scope.ALL || virtualHost.equals(JailSet.NO_HOST)
                ? BanScope.AllHosts.ALL_HOSTS
                : new BanScope.OneHost(virtualHost);
    }

    /**
     * How many offences the observation is: 0 for none, {@link AnswerWeight#NOW} where the application asks for a ban at
     * once.
     */
    int offences(Observation observation) {
        int offences = observation instanceof Observation.Answer answer
                ? offencesOfAnswer(answer.weight())
                : observation instanceof Observation.Violation violation ? offencesOfViolation(violation) : 0;
        return offences > 0 && conditions.hold(observation.status(), observation.request()) ? offences : 0;
    }

    /** As {@link #offences(Observation)} of an answer, for whom has not made an observation of it yet. */
    boolean counts(int status, RequestHead head, AnswerWeight said) {
        return offencesOfAnswer(said) > 0 && conditions.hold(status, head);
    }

    private int offencesOfAnswer(AnswerWeight said) {
        boolean byVerdict = looksAt(On.VERDICT);
        if (!said.isSaid()) {
            return looksAt(On.RESPONSE) ? weight : 0;
        }
        if (!byVerdict && !looksAt(On.RESPONSE)) {
            return 0;
        }
        if (said.offences() == AnswerWeight.NOW) {
            return byVerdict ? AnswerWeight.NOW : 1;
        }
        return countsDistinctPaths ? Math.min(1, said.offences()) : said.offences();
    }

    /** What the proxy answered to it (a 400) is also a response, of the virtual host that it concerns. */
    private int offencesOfViolation(Observation.Violation violation) {
        return looksAt(violation.kind()) || (violation.status() != 0 && looksAt(On.RESPONSE)) ? weight : 0;
    }

    /**
     * Whether observations of that kind may count. One that counts bans looks at nothing else; and where there is no
     * virtual host, there is nobody to answer.
     */
    boolean looksAt(On kind) {
        return switch (kind) {
            case BAN -> on.contains(On.BAN);
            case RESPONSE, VERDICT -> on.contains(kind) && !on.contains(On.BAN) && !virtualHost.equals(JailSet.NO_HOST);
            default -> on.contains(kind) && !on.contains(On.BAN);
        };
    }

    JailConditions conditions() {
        return conditions;
    }

    /** Whether it counts only answers of some statuses: those that a sick upstream may give to everybody. */
    boolean namesStatuses() {
        return conditions.nameStatuses();
    }

    /** Whether it counts answers of that status, and not of all. */
    boolean namesStatus(int status) {
        return namesStatuses() && conditions.holdOfStatus(status);
    }

    /** Whether the same path again only renews the time of its offence. */
    boolean countsDistinctPaths() {
        return countsDistinctPaths;
    }

    String virtualHost() {
        return virtualHost;
    }

    String name() {
        return name;
    }

    BanScope scope() {
        return sentence.scope();
    }

    Sentence sentence() {
        return sentence;
    }

    int maxRetry() {
        return maxRetry;
    }

    /** In milliseconds. */
    long findTime() {
        return findTime;
    }

    /** In milliseconds, of who was not banned before; {@link Ban#FOREVER} for one without an end. */
    long banTime() {
        return banTime;
    }

    Optional<Increment> increment() {
        return increment;
    }

    @Override
    public String toString() {
        return name + " of " + virtualHost;
    }
}
