package io.portcullis.core.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.core.config.Defaults;
import io.portcullis.core.config.HttpsConfig;
import io.portcullis.core.config.RouteConfig;
import io.portcullis.core.config.UpstreamConfig;
import io.portcullis.core.config.VirtualHostConfig;
import io.portcullis.core.http.PathNormalizer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class VirtualHostTest {

    private static final UpstreamConfig UPSTREAM = new UpstreamConfig(
            "app",
            List.of(new UpstreamConfig.EndpointConfig(UpstreamConfig.Scheme.HTTP, "127.0.0.1", 8080)),
            Defaults.BALANCE,
            Defaults.MAX_FAILS,
            Defaults.FAIL_TIMEOUT,
            new UpstreamConfig.Tls(true, Optional.empty(), Optional.empty()),
            false);

    @ParameterizedTest
    @CsvSource({
        "/, /",
        "/x, /",
        "/old, /old",
        "/old/x, /old",
        "/older, /",
        "/api, /",
        "/api/, /api/",
        "/api/x, /api/",
        "/api/v2, /api/v2",
        "/api/v2/x, /api/v2",
        "/api/v22, /api/",
        "/API/x, /",
        "*, /",
    })
    void theLongestPrefixThatEndsAtASegmentWins(String path, String expected) {
        VirtualHost host = host("/", "/api/", "/old", "/api/v2");
        assertThat(host.route(path)).extracting(Route::path).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"/, ", "/x, ", "/only, /only", "*, "})
    void aPathWithoutARouteIsNobodys(String path, @Nullable String expected) {
        Route route = host("/only").route(path);
        assertThat(route == null ? null : route.path()).isEqualTo(expected);
    }

    @Test
    void aRouteLeadsWhereItsConfigurationSays() {
        RouteConfig.Target target = new RouteConfig.Redirect("/new", 301);
        VirtualHost host = VirtualHost.of(
                0,
                new VirtualHostConfig(
                        "a",
                        List.of("a.test"),
                        List.of("http"),
                        List.of(new RouteConfig("/old", target)),
                        List.of(),
                        Optional.empty(),
                        HttpsConfig.NONE));
        assertThat(host.route("/old/x")).extracting(Route::target).isSameAs(target);
    }

    @ParameterizedTest
    @CsvSource({
        // as the client wrote it
        "/api/, /api/x?y=/z, /x?y=/z",
        "/api/, /api/, /",
        "/api/, /api/?y, /?y",
        "/api, /api, /",
        "/api, /api?y, /?y",
        "/api, /api/x, /x",
        "/, /x?y, /x?y",
        "/api/, /api/a%2Fb%20c, /a%2Fb%20c",
        "/api/, /api/x;jsessionid=1?y, /x;jsessionid=1?y",
        "/api/, /api/a//b/./c, /a//b/./c",
        // written anew
        "/api/, /%61pi/x?y, /x?y",
        "/api/, //api/x, /x",
        "/api/, /a/../api/x?y=%2e, /x?y=%2e",
        "/api/, /api/../api/x, /x",
        "/api/, /api/..;/api/%C3%A9%20%25%3F, /%C3%A9%20%25%3F",
        "/api, /api;v=1/x, /x",
        "/api, /api%2Fx, /x",
        "/api/, /api//evil.test/x, /evil.test/x",
    })
    void aStrippedPrefixLeavesWhatFollowsIt(String path, String target, String expected) {
        Route route = new Route(path, new RouteConfig.ToUpstream(UPSTREAM, true));
        String normalized = Objects.requireNonNull(PathNormalizer.normalize(target));
        assertThat(route.covers(normalized)).isTrue();
        assertThat(route.upstreamTarget(target, normalized)).isEqualTo(expected);
    }

    @Test
    void withoutStrippingTheApplicationGetsWhatTheClientWrote() {
        Route route = new Route("/api/", new RouteConfig.ToUpstream(UPSTREAM, false));
        String target = "/%61pi/..;/api/x?y";
        assertThat(route.upstreamTarget(target, "/api/x")).isSameAs(target);
        assertThat(new Route("/", new RouteConfig.ToUpstream(UPSTREAM, true)).upstreamTarget("*", "*"))
                .isEqualTo("*");
    }

    private static VirtualHost host(String... paths) {
        List<RouteConfig> routes = Arrays.stream(paths)
                .map(path -> new RouteConfig(path, new RouteConfig.FixedAnswer(200, path)))
                .toList();
        return VirtualHost.of(
                0,
                new VirtualHostConfig(
                        "a",
                        List.of("a.test"),
                        List.of("http"),
                        routes,
                        List.of(),
                        Optional.empty(),
                        HttpsConfig.NONE));
    }
}
