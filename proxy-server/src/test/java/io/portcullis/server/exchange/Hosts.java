package io.portcullis.server.exchange;

import io.portcullis.core.config.HttpsConfig;
import io.portcullis.core.config.JailConfig;
import io.portcullis.core.config.JailConfig.Conditions;
import io.portcullis.core.config.JailConfig.Drop;
import io.portcullis.core.config.JailConfig.On;
import io.portcullis.core.config.JailConfig.Penalty;
import io.portcullis.core.config.JailConfig.Scope;
import io.portcullis.core.config.JailConfig.Threshold;
import io.portcullis.core.config.RouteConfig;
import io.portcullis.core.config.RouteConfig.FixedAnswer;
import io.portcullis.core.config.RouteConfig.ToUpstream;
import io.portcullis.core.config.UpstreamConfig;
import io.portcullis.core.config.UpstreamConfig.EndpointConfig;
import io.portcullis.core.config.UpstreamConfig.Scheme;
import io.portcullis.core.config.VirtualHostConfig;
import io.portcullis.core.http.StatusSet;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Virtual hosts for tests: each answers 403 by itself below {@code /forbidden}, and asks its endpoint for the rest. */
final class Hosts {

    private Hosts() {}

    /** @param port of its endpoint at 127.0.0.1, where nothing needs to listen */
    static UpstreamConfig upstream(String name, int port) {
        return new UpstreamConfig(
                name,
                List.of(new EndpointConfig(Scheme.HTTP, "127.0.0.1", port)),
                UpstreamConfig.Balance.ROUND_ROBIN,
                1,
                Duration.ofSeconds(10),
                new UpstreamConfig.Tls(true, Optional.empty(), Optional.empty()),
                false);
    }

    static JailConfig jail(Scope scope, int maxRetry) {
        return new JailConfig(
                "forbidden",
                Conditions.ofStatuses(new StatusSet.Builder().add(403).build()),
                new Threshold(maxRetry, Duration.ofMinutes(1), JailConfig.Count.HITS, 1),
                new Penalty(Duration.ofHours(1), Optional.empty(), scope, Drop.DROP),
                false);
    }

    /** Counts what is of that kind, and is named by it; bans on all hosts. */
    static JailConfig jail(On kind, int maxRetry) {
        return jail(kind, StatusSet.ANY, maxRetry);
    }

    static JailConfig jail(On kind, StatusSet statuses, int maxRetry) {
        return new JailConfig(
                kind.name().toLowerCase(Locale.ROOT),
                new Conditions(Set.of(kind), statuses, List.of(), List.of(), Set.of(), List.of(), false),
                new Threshold(maxRetry, Duration.ofMinutes(1), JailConfig.Count.HITS, 1),
                new Penalty(Duration.ofHours(1), Optional.empty(), Scope.ALL, Drop.DROP),
                false);
    }

    static VirtualHostConfig host(String name, UpstreamConfig upstream, List<JailConfig> jails) {
        return host(name, upstream, jails, Optional.empty());
    }

    static VirtualHostConfig host(
            String name, UpstreamConfig upstream, List<JailConfig> jails, Optional<String> verdictHeader) {
        return new VirtualHostConfig(
                name,
                List.of(name + ".example"),
                List.of(TestRules.LISTENER),
                List.of(
                        new RouteConfig("/forbidden", new FixedAnswer(403, "no")),
                        new RouteConfig("/", new ToUpstream(upstream, false))),
                jails,
                verdictHeader,
                HttpsConfig.NONE);
    }
}
