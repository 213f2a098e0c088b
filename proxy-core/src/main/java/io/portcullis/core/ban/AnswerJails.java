package io.portcullis.core.ban;

import io.portcullis.core.http.RequestHead;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The jails that may count an answer of some status, sorted by what they have to look at.
 *
 * <p>Most answers are to ordinary requests that match no path and no user agent of any jail. So the path is held against
 * those of all the jails at once, and the user agent too; only what matches one is looked at jail by jail.
 */
final class AnswerJails {

    private final Jail[] all;
    /** Those for which neither matters. */
    private final Jail[] plain;

    private final Jail[] byPath;
    private final PathSet paths;
    /** Those for which the user agent matters, and the path does not. */
    private final Jail[] byUserAgent;

    private final GlobSet userAgents;

    private AnswerJails(Jail[] all) {
        this.all = all;
        this.byPath = those(all, jail -> !jail.conditions().paths().isEmpty());
        this.paths =
                PathSet.union(Stream.of(byPath).map(jail -> jail.conditions().paths()));
        this.byUserAgent = those(
                all,
                jail -> jail.conditions().paths().isEmpty()
                        && !jail.conditions().userAgents().isEmpty());
        this.userAgents = GlobSet.union(
                Stream.of(byUserAgent).map(jail -> jail.conditions().userAgents()));
        this.plain = those(
                all,
                jail -> jail.conditions().paths().isEmpty()
                        && jail.conditions().userAgents().isEmpty());
    }

    /** Must not be changed. */
    Jail[] all() {
        return all;
    }

    boolean isEmpty() {
        return all.length == 0;
    }

    /** Whether one of them counts the answer, which the application has not weighed. */
    boolean count(int status, RequestHead head) {
        return anyCounts(plain, status, head)
                || (byPath.length > 0 && paths.matchReadingOf(head) && anyCounts(byPath, status, head))
                || (byUserAgent.length > 0
                        && userAgents.matches(JailConditions.userAgentOf(head))
                        && anyCounts(byUserAgent, status, head));
    }

    private static boolean anyCounts(Jail[] jails, int status, RequestHead head) {
        for (Jail jail : jails) {
            if (jail.conditions().hold(status, head)) {
                return true;
            }
        }
        return false;
    }

    private static Jail[] those(Jail[] jails, Predicate<Jail> wanted) {
        return Arrays.stream(jails).filter(wanted).toArray(Jail[]::new);
    }

    /** Makes the rows of a table by status; those of the same jails are one. */
    static final class Table {
        private final Jail[] jails;
        private final List<AnswerJails> rows = new ArrayList<>();

        /** @param jails that look at answers */
        Table(Jail[] jails) {
            this.jails = jails;
        }

        AnswerJails row(int status) {
            Jail[] wanted = those(jails, jail -> jail.conditions().holdOfStatus(status));
            for (AnswerJails row : rows) {
                if (Arrays.equals(row.all, wanted)) {
                    return row;
                }
            }
            AnswerJails added = new AnswerJails(wanted);
            rows.add(added);
            return added;
        }
    }
}
