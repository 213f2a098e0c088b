package io.portcullis.core.config;

import io.portcullis.core.http.StatusSet;
import java.time.Duration;
import java.util.List;

/**
 * A rule: which answers count, how many within {@code findTime}, and for how long to ban. All conditions given must
 * hold.
 *
 * @param name the key under {@code jails}
 * @param statuses the answers that count; {@link StatusSet#ANY} where only paths matter
 * @param paths globs on the decoded, normalised path; empty where only statuses matter. {@code *} stands for any run
 *     of characters, {@code /} among them, and {@code ?} for one; letters compare without case
 * @param maxRetry the offence that bans, 1 to 10,000
 * @param findTime the sliding window, at least 1 ms
 * @param banTime {@link #FOREVER} for a ban without an end
 */
public record JailConfig(
        String name,
        StatusSet statuses,
        List<String> paths,
        int maxRetry,
        Duration findTime,
        Duration banTime,
        Scope scope,
        Action action) {

    /** The ban time of a ban that only a person ends. */
    public static final Duration FOREVER = Duration.ofSeconds(Long.MAX_VALUE);

    public JailConfig {
        paths = List.copyOf(paths);
    }

    /** Which virtual hosts a ban covers. */
    public enum Scope {
        HOST,
        ALL
    }

    /** How a banned client is refused at the request tier. */
    public sealed interface Action permits Drop, Reject {}

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
}
