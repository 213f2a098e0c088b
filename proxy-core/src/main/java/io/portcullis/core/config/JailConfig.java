package io.portcullis.core.config;

import io.portcullis.core.http.StatusSet;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A rule: what counts, how many within a window, and what follows.
 *
 * @param name the key under {@code jails}
 * @param dryRun whether it only counts and tells: nobody is refused
 */
public record JailConfig(String name, Conditions conditions, Threshold threshold, Penalty penalty, boolean dryRun) {

    /** The ban time of a ban that only a person ends. */
    public static final Duration FOREVER = Duration.ofSeconds(Long.MAX_VALUE);

    /**
     * What counts: all that is given must hold.
     *
     * @param on the kinds of observations, at least one
     * @param statuses the answers that count; {@link StatusSet#ANY} where the status does not matter
     * @param paths one of them must match the decoded, normalised path; empty where the path does not matter
     * @param ignoredPaths a miss (an answer of 4xx) there is no offence, whatever else holds: what browsers ask for by
     *     themselves
     * @param methods case-sensitive (RFC 9110 section 9.1); empty where the method does not matter
     * @param userAgents globs as in {@link PathPattern.Glob}, one of which must match the {@code User-Agent} field,
     *     which is empty text where there is none; empty where it does not matter
     * @param onlyWithCredentials whether a request without an {@code Authorization} field is no offence: to answer it
     *     with 401 is how a client learns that it has to send one
     */
    public record Conditions(
            Set<On> on,
            StatusSet statuses,
            List<PathPattern> paths,
            List<PathPattern> ignoredPaths,
            Set<String> methods,
            List<String> userAgents,
            boolean onlyWithCredentials) {

        public Conditions {
            on = Set.copyOf(on);
            paths = List.copyOf(paths);
            ignoredPaths = List.copyOf(ignoredPaths);
            methods = Set.copyOf(methods);
            userAgents = List.copyOf(userAgents);
        }

        /** Answers of these statuses, on any path. */
        public static Conditions ofStatuses(StatusSet statuses) {
            return new Conditions(Set.of(On.RESPONSE), statuses, List.of(), List.of(), Set.of(), List.of(), false);
        }
    }

    /** What a jail looks at. */
    public enum On {
        /** An answer to a request for the virtual host, from the application or the proxy. */
        RESPONSE,
        /** A request that breaks HTTP's rules: malformed, too large a head, traversal above the root. */
        PROTOCOL_ERROR,
        /** A TLS handshake that failed. */
        TLS_FAILURE,
        /** A request for a host that nothing here serves. */
        UNKNOWN_HOST,
        /** A request that was begun and not ended in time. */
        TIMEOUT,
        /** An answer that the application itself gave a weight of 1 or more. */
        VERDICT,
        /** A ban by another jail of the same virtual host: who comes back again and again. */
        BAN
    }

    /**
     * How many offences within which time ban.
     *
     * @param maxRetry the offence that bans, 1 to 10,000
     * @param findTime the sliding window, at least 1 ms
     * @param weight how many offences one observation is, 1 to 10,000
     */
    public record Threshold(int maxRetry, Duration findTime, Count count, int weight) {}

    /** What is counted. */
    public enum Count {
        /** Every offence. */
        HITS,
        /** Offences on different paths: the same one again only renews its time. Their weight is 1. */
        DISTINCT_PATHS
    }

    /**
     * What follows.
     *
     * @param banTime {@link #FOREVER} for a ban without an end
     * @param increment how much longer it is for those who were banned before, where it is
     */
    public record Penalty(Duration banTime, Optional<Increment> increment, Scope scope, Action action) {}

    /**
     * How ban times grow, as in fail2ban ({@code bantime.increment}): after n earlier bans by the same jail, n at least
     * 1, ban time times 2 to the power of n (20 at most) times {@code factor}; or, where multipliers are given, times
     * the n-th of them (from 0), the last for all beyond.
     *
     * @param factor more than 0
     * @param multipliers each at least 1; empty for the formula
     * @param max the longest that this makes of a ban time, jitter included
     * @param jitter up to so much is added at random, so that nobody can tell the second it ends
     */
    public record Increment(double factor, List<Integer> multipliers, Duration max, Duration jitter) {
        public Increment {
            multipliers = List.copyOf(multipliers);
        }
    }

    /** Which virtual hosts a ban covers. */
    public enum Scope {
        HOST,
        ALL
    }

    /** How a banned client is refused at the request tier. */
    public sealed interface Action permits Drop, Reject, Tarpit {}

    /** The connection is reset, and nothing is said. */
    public enum Drop implements Action {
        DROP
    }

    /**
     * A short answer is given.
     *
     * @param status 403 or 429
     */
    public record Reject(int status) implements Action {}

    /** The request is left without an answer for a while, then the connection is reset. */
    public enum Tarpit implements Action {
        TARPIT
    }
}
