package io.portcullis.core.ban;

import io.portcullis.core.config.JailConfig;
import io.portcullis.core.http.RequestHead;
import io.portcullis.core.net.ClientKey;
import java.util.Arrays;
import java.util.List;

/**
 * The compiled jails of one virtual host, immutable; a part of a configuration snapshot.
 *
 * <p>The counters are not in here: the {@link BanEngine} keeps them by virtual host name and jail name, so that they
 * live across reloads.
 *
 * <p>The exchange asks {@link #mayCount(int)} when it sees the status, then {@link #mayCount(int, RequestHead)}, and
 * makes an {@link Observation} only for what both let through. Neither allocates.
 */
public final class JailSet {

    /** Stands for the virtual host of what concerns none, in counters and in what is told. */
    public static final String NO_HOST = "-";

    private static final int STATUSES = 600;

    private final String virtualHost;
    private final long longestFindTime;
    private final Jail[] anyStatus;
    /** By status: the jails for which the status alone is no reason not to count. Equal rows are one array. */
    private final Jail[][] byStatus;

    private JailSet(String virtualHost, Jail[] jails) {
        this.virtualHost = virtualHost;
        this.longestFindTime =
                Arrays.stream(jails).mapToLong(Jail::findTime).max().orElse(0);
        this.byStatus = new Jail[STATUSES][];
        // No status set holds a code past the table, so the row beyond it has the jails that take any status.
        this.anyStatus = row(jails, STATUSES);
        Jail[] previous = anyStatus;
        for (int status = 0; status < STATUSES; status++) {
            Jail[] row = row(jails, status);
            byStatus[status] = Arrays.equals(row, previous) ? previous : row;
            previous = byStatus[status];
        }
    }

    /**
     * Compiles jails whose host's health nobody watches; {@link BanEngine#jailsOf} makes those that are in use.
     *
     * @param virtualHost the virtual host's name, which a ban of scope host refers to
     */
    public static JailSet of(String virtualHost, List<JailConfig> jails) {
        return new JailSet(
                virtualHost,
                jails.stream().map(config -> Jail.compile(virtualHost, config)).toArray(Jail[]::new));
    }

    public String virtualHost() {
        return virtualHost;
    }

    /** Whether some jail could count an answer of that status: one table lookup. */
    public boolean mayCount(int status) {
        return candidates(status).length > 0;
    }

    /** Whether some jail counts the answer; paths are matched only where the status allows. */
    public boolean mayCount(int status, RequestHead head) {
        for (Jail jail : candidates(status)) {
            if (jail.countsPath(head)) {
                return true;
            }
        }
        return false;
    }

    /**
     * An answer, of whatever status, goes to that client: to be called for each, since only who knows all clients can
     * tell whether most of them get the same error. A few nanoseconds, and no allocation.
     */
    public void answered(ClientKey client) {}

    /** In milliseconds. */
    long longestFindTime() {
        return longestFindTime;
    }

    /** Must not be changed. */
    Jail[] candidates(int status) {
        return status >= 0 && status < STATUSES ? byStatus[status] : anyStatus;
    }

    private static Jail[] row(Jail[] jails, int status) {
        return Arrays.stream(jails).filter(jail -> jail.countsStatus(status)).toArray(Jail[]::new);
    }
}
