package io.portcullis.server.config;

import io.portcullis.core.config.Defaults;
import io.portcullis.core.config.JailConfig;
import io.portcullis.core.config.JailConfig.Conditions;
import io.portcullis.core.config.JailConfig.Count;
import io.portcullis.core.config.JailConfig.On;
import io.portcullis.core.config.JailConfig.Penalty;
import io.portcullis.core.config.JailConfig.Threshold;
import io.portcullis.core.config.PathPattern;
import io.portcullis.core.http.StatusSet;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Jails as tests expect them: what is not said is as it is by default. */
final class ExpectedJail {

    private ExpectedJail() {}

    static JailConfig jail(String name, StatusSet statuses, List<String> paths, Threshold threshold, Penalty penalty) {
        List<PathPattern> globs = globs(paths);
        List<PathPattern> ignored = globs.isEmpty() ? globs(Defaults.IGNORE_PATHS) : List.of();
        Conditions conditions =
                new Conditions(Set.of(On.RESPONSE), statuses, globs, ignored, Set.of(), List.of(), false);
        return new JailConfig(name, conditions, threshold, penalty, false);
    }

    static List<PathPattern> globs(List<String> globs) {
        return globs.stream().<PathPattern>map(PathPattern.Glob::new).toList();
    }

    static Threshold threshold(int maxRetry, Duration findTime) {
        return new Threshold(maxRetry, findTime, Count.HITS, 1);
    }

    static Penalty penalty(Duration banTime, JailConfig.Scope scope, JailConfig.Action action) {
        return new Penalty(banTime, Optional.empty(), scope, action);
    }
}
