package io.portcullis.server.cli.doctor;

import io.portcullis.core.config.PortcullisConfig;
import io.portcullis.core.config.RouteConfig;
import io.portcullis.core.config.UpstreamConfig.EndpointConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Whether the applications accept connections. All are tried at once, and given two seconds together. */
final class EndpointsCheck implements Check {

    private static final int AT_ONCE = 256;
    private static final long SECONDS = 2;

    @Override
    public String name() {
        return "endpoints";
    }

    @Override
    public void look(Scene scene, Findings findings) {
        Map<EndpointConfig, Set<String>> endpoints =
                scene.config().map(EndpointsCheck::endpoints).orElse(Map.of());
        if (endpoints.isEmpty()) {
            return;
        }
        Map<EndpointConfig, Optional<String>> answers = dial(scene.host(), List.copyOf(endpoints.keySet()));
        endpoints.forEach((endpoint, hosts) -> answers.getOrDefault(endpoint, Optional.of("no answer in time"))
                .ifPresent(why -> findings.problem(
                        endpoint + " of " + String.join(", ", hosts) + " cannot be reached: " + why,
                        "Is the application up, and its port published on that address? Its clients get 502"
                                + " meanwhile, or another endpoint's answer where there is one.")));
        if (findings.isEmpty()) {
            findings.ok(
                    endpoints.size() == 1 ? "the endpoint accepts" : "all " + endpoints.size() + " endpoints accept");
        }
    }

    private static Map<EndpointConfig, Set<String>> endpoints(PortcullisConfig config) {
        Map<EndpointConfig, Set<String>> endpoints = new LinkedHashMap<>();
        config.virtualHosts()
                .forEach(host -> host.routes().forEach(route -> {
                    if (route.target() instanceof RouteConfig.ToUpstream target) {
                        target.upstream()
                                .endpoints()
                                .forEach(endpoint -> endpoints
                                        .computeIfAbsent(endpoint, unseen -> new TreeSet<>())
                                        .add(host.name()));
                    }
                }));
        return endpoints;
    }

    private static Map<EndpointConfig, Optional<String>> dial(Host host, List<EndpointConfig> endpoints) {
        ExecutorService dialers = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "dialer");
            thread.setDaemon(true); // a name server that does not answer must not keep the command
            return thread;
        });
        Map<EndpointConfig, Optional<String>> answers = new LinkedHashMap<>();
        for (int from = 0; from < endpoints.size(); from += AT_ONCE) {
            int to = Math.min(from + AT_ONCE, endpoints.size());
            dialAtOnce(host, endpoints.subList(from, to), dialers, answers);
        }
        dialers.shutdownNow();
        return answers;
    }

    /** None waits for another's turn, or its time would be over before it has begun. */
    private static void dialAtOnce(
            Host host,
            List<EndpointConfig> endpoints,
            ExecutorService dialers,
            Map<EndpointConfig, Optional<String>> answers) {
        Map<EndpointConfig, CompletableFuture<Optional<String>>> dialed = new LinkedHashMap<>();
        for (EndpointConfig endpoint : endpoints) {
            dialed.put(
                    endpoint,
                    CompletableFuture.supplyAsync(() -> host.whyNotReachable(endpoint.host(), endpoint.port()), dialers)
                            .completeOnTimeout(
                                    Optional.of("no answer in " + SECONDS + " s"), SECONDS, TimeUnit.SECONDS));
        }
        dialed.forEach((endpoint, answer) -> answers.put(endpoint, answer.join()));
    }
}
