package io.portcullis.core.ban;

import io.portcullis.core.config.JailConfig;
import io.portcullis.core.http.RequestHead;
import io.portcullis.core.http.StatusSet;
import java.time.Duration;

/** A compiled rule of one virtual host: which answers count, how many within its window, and for how long to ban. */
final class Jail {

    private final String virtualHost;
    private final String name;
    private final Sentence sentence;
    private final StatusSet statuses;
    private final boolean anyStatus;
    private final PathGlob[] paths;
    private final int maxRetry;
    private final long findTime;
    private final long banTime;

    private Jail(String virtualHost, JailConfig config) {
        this.virtualHost = virtualHost;
        this.name = config.name();
        BanScope scope = switch (config.penalty().scope()) {
            case HOST -> new BanScope.OneHost(virtualHost);
            case ALL -> BanScope.AllHosts.ALL_HOSTS;
        };
        this.sentence = new Sentence(
                scope,
                name,
                config.penalty().action(),
                config.dryRun() ? Sentence.Mode.DRY_RUN : Sentence.Mode.ENFORCED);
        this.statuses = config.conditions().statuses();
        this.anyStatus = config.conditions().statuses().equals(StatusSet.ANY);
        this.paths = config.conditions().paths().stream()
                .map(pattern -> PathGlob.compile(pattern.source()))
                .toArray(PathGlob[]::new);
        this.maxRetry = config.threshold().maxRetry();
        this.findTime = saturatedMillis(config.threshold().findTime());
        this.banTime = saturatedMillis(config.penalty().banTime());
    }

    static Jail compile(String virtualHost, JailConfig config) {
        return new Jail(virtualHost, config);
    }

    /** Whether the answer is an offence. */
    boolean counts(int status, RequestHead head) {
        return countsStatus(status) && countsPath(head);
    }

    /**
     * Any status means any: applications do answer codes outside 100 to 599, and a jail that names only paths must not
     * miss a probe for that.
     */
    boolean countsStatus(int status) {
        return anyStatus || statuses.contains(status);
    }

    boolean countsPath(RequestHead head) {
        if (paths.length == 0) {
            return true;
        }
        String path = head.path();
        for (PathGlob glob : paths) {
            if (glob.matches(path)) {
                return true;
            }
        }
        return false;
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

    /** When a ban that falls now ends, in milliseconds since the epoch; {@link Ban#FOREVER} also where that overflows. */
    long until(long now) {
        return until(now, banTime);
    }

    static long until(long now, long banTime) {
        long until = now + banTime;
        return banTime == Ban.FOREVER || (now > 0 && until < 0) ? Ban.FOREVER : until;
    }

    /** In milliseconds; what a long can't hold, {@link JailConfig#FOREVER} among it, is the largest long. */
    static long saturatedMillis(Duration duration) {
        return duration.compareTo(Duration.ofMillis(Long.MAX_VALUE)) >= 0 ? Long.MAX_VALUE : duration.toMillis();
    }

    @Override
    public String toString() {
        return name + " of " + virtualHost;
    }
}
