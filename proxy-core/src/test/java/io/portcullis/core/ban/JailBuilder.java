package io.portcullis.core.ban;

import io.portcullis.core.config.JailConfig;
import io.portcullis.core.config.JailConfig.Action;
import io.portcullis.core.config.JailConfig.Drop;
import io.portcullis.core.config.JailConfig.Scope;
import io.portcullis.core.http.StatusSet;
import java.time.Duration;
import java.util.List;

/** A jail that counts 403s and bans at the fifth within a minute for an hour on its host, unless told otherwise. */
final class JailBuilder {

    private final String name;
    private StatusSet statuses = new StatusSet.Builder().add(403).build();
    private List<String> paths = List.of();
    private int maxRetry = 5;
    private Duration findTime = Duration.ofMinutes(1);
    private Duration banTime = Duration.ofHours(1);
    private Scope scope = Scope.HOST;
    private Action action = Drop.DROP;

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
        paths = List.of(newPaths);
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

    JailConfig build() {
        return new JailConfig(name, statuses, paths, maxRetry, findTime, banTime, scope, action);
    }

    JailSet on(String virtualHost) {
        return JailSet.of(virtualHost, List.of(build()));
    }
}
