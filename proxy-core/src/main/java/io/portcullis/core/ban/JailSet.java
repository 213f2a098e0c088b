package io.portcullis.core.ban;

import io.portcullis.core.config.JailConfig;
import io.portcullis.core.config.JailConfig.On;
import io.portcullis.core.http.RequestHead;
import io.portcullis.core.net.ClientKey;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The compiled jails of one virtual host, immutable; a part of a configuration snapshot.
 *
 * <p>The counters are not in here: the {@link BanEngine} keeps them by virtual host name and jail name, so that they
 * live across reloads.
 *
 * <p>The exchange asks {@link #mayCount(int)} when it sees the status, then {@link #mayCount(int, RequestHead)}, and
 * makes an {@link Observation} only for what both let through. Where the application has said what the answer weighs, it
 * asks {@link #mayCount(int, RequestHead, AnswerWeight)} instead. None allocates, unless the path may be read in several
 * ways.
 */
public final class JailSet {

    /** Stands for the virtual host of what concerns none, in counters and in what is told. */
    public static final String NO_HOST = "-";

    private static final int STATUSES = 600;
    private static final Jail[] NONE = {};

    private final String virtualHost;
    private final ErrorSurvey survey;
    private final long longestFindTime;
    /** Those that look at answers, the application's verdicts among them. */
    private final Jail[] ofAnswers;

    private final Jail[] onBan;
    /** Those that look at violations of that kind. */
    private final Map<On, Jail[]> byKind = new EnumMap<>(On.class);
    /** The same, and those that look at answers. */
    private final Map<On, Jail[]> byKindAnswered = new EnumMap<>(On.class);

    private final AnswerJails anyStatus;
    /** By status: the jails for which the status alone is no reason not to count. Equal rows are one object. */
    private final AnswerJails[] byStatus = new AnswerJails[STATUSES];

    private JailSet(String virtualHost, ErrorSurvey survey, Jail[] jails) {
        this.virtualHost = virtualHost;
        this.survey = survey;
        this.longestFindTime =
                Arrays.stream(jails).mapToLong(Jail::findTime).max().orElse(0);
        this.ofAnswers = those(jails, jail -> jail.looksAt(On.RESPONSE) || jail.looksAt(On.VERDICT));
        this.onBan = those(jails, jail -> jail.looksAt(On.BAN));
        for (On kind : On.values()) {
            byKind.put(kind, those(jails, jail -> jail.looksAt(kind)));
            byKindAnswered.put(kind, those(jails, jail -> jail.looksAt(kind) || jail.looksAt(On.RESPONSE)));
        }
        AnswerJails.Table table = new AnswerJails.Table(those(jails, jail -> jail.looksAt(On.RESPONSE)));
        // No status set holds a code past the table, so the row beyond it has the jails that take any status.
        this.anyStatus = table.row(STATUSES);
        for (int status = 0; status < STATUSES; status++) {
            byStatus[status] = table.row(status);
        }
    }

    /**
     * Compiles jails whose host's health nobody watches; {@link BanEngine#jailsOf} makes those that are in use.
     *
     * @param virtualHost the virtual host's name, which a ban of scope host refers to; {@link #NO_HOST} for none
     */
    public static JailSet of(String virtualHost, List<JailConfig> jails) {
        return of(new ErrorSurvey(virtualHost, new KeyedHash(0)), virtualHost, jails);
    }

    static JailSet of(ErrorSurvey survey, String virtualHost, List<JailConfig> jails) {
        return new JailSet(
                virtualHost,
                survey,
                jails.stream().map(config -> Jail.compile(virtualHost, config)).toArray(Jail[]::new));
    }

    public String virtualHost() {
        return virtualHost;
    }

    /** Whether some jail could count an answer of that status that the application has not weighed: one table lookup. */
    public boolean mayCount(int status) {
        return !row(status).isEmpty();
    }

    /**
     * Whether some jail counts the answer, which the application has not weighed. What costs most, globs against the
     * path and the user agent, is matched once for all jails.
     */
    public boolean mayCount(int status, RequestHead head) {
        return row(status).count(status, head);
    }

    /**
     * Whether some jail counts the answer.
     *
     * @param weight what the application says of it
     */
    public boolean mayCount(int status, RequestHead head, AnswerWeight weight) {
        if (!weight.isSaid()) {
            return mayCount(status, head);
        }
        if (weight.offences() > 0) {
            for (Jail jail : ofAnswers) {
                if (jail.counts(status, head, weight)) {
                    return true;
                }
            }
        }
        return false;
    }

    /**
     * An answer, of whatever status, goes to that client: to be called for each, since only who knows all clients can
     * tell whether most of them get the same error. A few nanoseconds, and no allocation.
     */
    public void answered(ClientKey client, int status) {
        survey.answered(client, status);
    }

    /** What is known of the virtual host's health. */
    ErrorSurvey survey() {
        return survey;
    }

    /** In milliseconds. */
    long longestFindTime() {
        return longestFindTime;
    }

    /**
     * The jails that may count the observation; {@link Jail#offences} tells whether they do. Must not be changed.
     *
     * <p>Without a virtual host only what names the kind counts: such a jail never looks at answers.
     */
    Jail[] candidates(Observation observation) {
        if (observation instanceof Observation.Answer answer) {
            return answer.weight().isSaid() ? ofAnswers : candidates(answer.status());
        }
        if (observation instanceof Observation.Violation violation) {
            Map<On, Jail[]> jails = violation.status() == 0 ? byKind : byKindAnswered;
            return jails.getOrDefault(violation.kind(), NONE);
        }
        return NONE;
    }

    /** Those that may count an answer of that status. Must not be changed. */
    Jail[] candidates(int status) {
        return row(status).all();
    }

    /** Those that count bans by other jails, which is the engine's to do. Must not be changed. */
    Jail[] onBan() {
        return onBan;
    }

    private AnswerJails row(int status) {
        return status >= 0 && status < STATUSES ? byStatus[status] : anyStatus;
    }

    private static Jail[] those(Jail[] jails, Predicate<Jail> wanted) {
        return Arrays.stream(jails).filter(wanted).toArray(Jail[]::new);
    }
}
