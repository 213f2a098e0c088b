package io.portcullis.core.ban;

import io.portcullis.core.config.JailConfig;
import io.portcullis.core.config.JailConfig.Action;
import io.portcullis.core.config.JailConfig.Conditions;
import io.portcullis.core.config.JailConfig.Count;
import io.portcullis.core.config.JailConfig.Drop;
import io.portcullis.core.config.JailConfig.Increment;
import io.portcullis.core.config.JailConfig.On;
import io.portcullis.core.config.JailConfig.Penalty;
import io.portcullis.core.config.JailConfig.Scope;
import io.portcullis.core.config.JailConfig.Threshold;
import io.portcullis.core.config.PathPattern;
import io.portcullis.core.http.StatusSet;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** A jail that counts 403s and bans at the fifth within a minute for an hour on its host, unless told otherwise. */
final class JailBuilder {

    private final String name;
    private StatusSet statuses = new StatusSet.Builder().add(403).build();
    private List<PathPattern> paths = List.of();
    private int maxRetry = 5;
    private Duration findTime = Duration.ofMinutes(1);
    private Duration banTime = Duration.ofHours(1);
    private Scope scope = Scope.HOST;
    private Action action = Drop.DROP;
    private Set<On> on = Set.of(On.RESPONSE);
    private List<PathPattern> ignoredPaths = List.of();
    private Set<String> methods = Set.of();
    private List<String> userAgents = List.of();
    private boolean onlyWithCredentials;
    private Count count = Count.HITS;
    private int weight = 1;
    private Optional<Increment> increment = Optional.empty();
    private boolean dryRun;

    private JailBuilder(String name) {
        this.name = name;
    }

    static JailBuilder jail(String name) {
        return new JailBuilder(name);
    }

    JailBuilder statuses(StatusSet newStatuses) {
        statuses = newStatuses;
        return this;
    }

    JailBuilder paths(String... newPaths) {
        paths = globs(newPaths);
        return this;
    }

    JailBuilder maxRetry(int newMaxRetry) {
        maxRetry = newMaxRetry;
        return this;
    }

    JailBuilder findTime(Duration newFindTime) {
        findTime = newFindTime;
        return this;
    }

    JailBuilder banTime(Duration newBanTime) {
        banTime = newBanTime;
        return this;
    }

    JailBuilder scope(Scope newScope) {
        scope = newScope;
        return this;
    }

    JailBuilder action(Action newAction) {
        action = newAction;
        return this;
    }

    JailBuilder on(On... newOn) {
        on = Set.of(newOn);
        return this;
    }

    JailBuilder ignoredPaths(String... newPaths) {
        ignoredPaths = globs(newPaths);
        return this;
    }

    JailBuilder methods(String... newMethods) {
        methods = Set.of(newMethods);
        return this;
    }

    JailBuilder userAgents(String... newUserAgents) {
        userAgents = List.of(newUserAgents);
        return this;
    }

    JailBuilder onlyWithCredentials() {
        onlyWithCredentials = true;
        return this;
    }

    JailBuilder count(Count newCount) {
        count = newCount;
        return this;
    }

    JailBuilder weight(int newWeight) {
        weight = newWeight;
        return this;
    }

    JailBuilder increment(Increment newIncrement) {
        increment = Optional.of(newIncrement);
        return this;
    }

    JailBuilder dryRun() {
        dryRun = true;
        return this;
    }

    JailConfig build() {
        return new JailConfig(
                name,
                new Conditions(on, statuses, paths, ignoredPaths, methods, userAgents, onlyWithCredentials),
                new Threshold(maxRetry, findTime, count, weight),
                new Penalty(banTime, increment, scope, action),
                dryRun);
    }

    private static List<PathPattern> globs(String... globs) {
        return Stream.of(globs).<PathPattern>map(PathPattern.Glob::new).toList();
    }

    JailSet on(String virtualHost) {
        return JailSet.of(virtualHost, List.of(build()));
    }
}
