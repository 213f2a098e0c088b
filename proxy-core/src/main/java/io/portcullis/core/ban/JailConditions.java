package io.portcullis.core.ban;

import io.portcullis.core.config.JailConfig.Conditions;
import io.portcullis.core.http.RequestHead;
import io.portcullis.core.http.StatusSet;

/**
 * What must hold of a request and its answer for a jail to count it, compiled; the cheapest is asked first. Nothing is
 * allocated, unless the path may be read in several ways ({@link PathReadings}).
 */
final class JailConditions {

    private final StatusSet statuses;
    private final boolean anyStatus;
    private final String[] methods;
    private final boolean onlyWithCredentials;
    private final PathSet paths;
    private final PathSet ignoredPaths;
    private final GlobSet userAgents;

    JailConditions(Conditions config) {
        this.statuses = config.statuses();
        this.anyStatus = statuses.equals(StatusSet.ANY);
        this.methods = config.methods().toArray(String[]::new);
        this.onlyWithCredentials = config.onlyWithCredentials();
        this.paths = PathSet.of(config.paths());
        this.ignoredPaths = PathSet.of(config.ignoredPaths());
        this.userAgents = GlobSet.of(config.userAgents());
    }

    boolean hold(int status, RequestHead head) {
        return holdOfStatus(status)
                && holdOfMethod(head.method())
                && (!onlyWithCredentials || head.header("authorization") != null)
                && (paths.isEmpty() || paths.matchReadingOf(head))
                && !isIgnored(status, head)
                && (userAgents.isEmpty() || userAgents.matches(userAgentOf(head)));
    }

    /**
     * Any status means any: applications do answer codes outside 100 to 599, and a jail that names only paths must not
     * miss a probe for that.
     */
    boolean holdOfStatus(int status) {
        return anyStatus || statuses.contains(status);
    }

    private boolean holdOfMethod(String method) {
        if (methods.length == 0) {
            return true;
        }
        for (String given : methods) {
            if (given.equals(method)) {
                return true;
            }
        }
        return false;
    }

    /** Only the normalised path is looked at: nobody gets a probe ignored by writing it in an odd way. */
    private boolean isIgnored(int status, RequestHead head) {
        return status >= 400 && status < 500 && !ignoredPaths.isEmpty() && ignoredPaths.match(head.path());
    }

    boolean nameStatuses() {
        return !anyStatus;
    }

    /** Empty where the path does not matter. */
    PathSet paths() {
        return paths;
    }

    /** Empty where the user agent does not matter. */
    GlobSet userAgents() {
        return userAgents;
    }

    /** As a jail sees it: no field is an empty one. */
    static String userAgentOf(RequestHead head) {
        String userAgent = head.header("user-agent");
        return userAgent == null ? "" : userAgent;
    }
}
