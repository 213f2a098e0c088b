package io.portcullis.server.config;

import io.portcullis.core.config.Defaults;
import io.portcullis.core.config.UpstreamConfig;
import io.portcullis.core.config.UpstreamConfig.Balance;
import io.portcullis.core.config.UpstreamConfig.EndpointConfig;
import io.portcullis.core.config.UpstreamConfig.Tls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads {@code upstream}: one endpoint's URL, or a block. */
final class UpstreamReader {

    private static final String ENDPOINTS = "a list such as [\"http://127.0.0.1:8080\"]";
    private static final String V2 = "v2";
    private static final int MOST_FAILS = 1_000_000;

    private final String name;

    /** @param name for the operator */
    UpstreamReader(String name) {
        this.name = name;
    }

    @Nullable
    UpstreamConfig read(Setting setting) {
        if (setting.isBlock()) {
            return setting.block(this::readBlock);
        }
        EndpointConfig endpoint = EndpointUrl.read(setting);
        Tls tls = new Tls(Defaults.VERIFY_ENDPOINTS, Optional.empty(), Optional.empty());
        return endpoint == null
                ? null
                : new UpstreamConfig(
                        name,
                        List.of(endpoint),
                        Defaults.BALANCE,
                        Defaults.MAX_FAILS,
                        Defaults.FAIL_TIMEOUT,
                        tls,
                        Defaults.ENDPOINT_PROXY_PROTOCOL);
    }

    private UpstreamConfig readBlock(Section section) {
        section.later("health-check");
        List<EndpointConfig> endpoints = endpoints(section.required("endpoints", ENDPOINTS));
        Balance balance = section.choice("balance", List.of(Balance.values()), Setting::word, Defaults.BALANCE);
        int maxFails = section.number("max-fails", 0, MOST_FAILS, Defaults.MAX_FAILS);
        Duration failTimeout = section.duration("fail-timeout", Defaults.FAIL_TIMEOUT);
        Tls tls = section.block("tls", UpstreamReader::readTls);
        boolean proxyProtocol = proxyProtocol(section, endpoints);
        return new UpstreamConfig(name, endpoints, balance, maxFails, failTimeout, tls, proxyProtocol);
    }

    /** The header tells one client for a whole connection, and an HTTP/2 connection serves many. */
    private static boolean proxyProtocol(Section section, List<EndpointConfig> endpoints) {
        Given<Boolean> given = section.readIfGiven("proxy-protocol", Given.of(UpstreamReader::isVersion2));
        boolean on = Given.orElse(given, Defaults.ENDPOINT_PROXY_PROTOCOL);
        List<String> shared = endpoints.stream()
                .filter(endpoint -> endpoint.scheme().isHttp2())
                .map(EndpointConfig::toString)
                .toList();
        if (given != null && on && !shared.isEmpty()) {
            given.setting()
                    .problem(given.setting().shown() + " does not go with " + String.join(", ", shared)
                            + ", whose connections are shared by clients (expected http or https endpoints, or off)");
        }
        return on;
    }

    private static @Nullable Boolean isVersion2(Setting setting) {
        String word = setting.choice(List.of("off", V2), choice -> choice);
        return word == null ? null : word.equals(V2);
    }

    private static List<EndpointConfig> endpoints(@Nullable Setting setting) {
        List<Setting> elements = setting == null ? null : setting.list(ENDPOINTS);
        List<EndpointConfig> endpoints = new ArrayList<>();
        if (setting == null || elements == null) {
            return endpoints;
        }
        for (Setting element : elements) {
            EndpointConfig endpoint = EndpointUrl.read(element);
            if (endpoint != null && endpoints.contains(endpoint)) {
                element.problem(element.shown() + " is given twice");
            } else if (endpoint != null) {
                endpoints.add(endpoint);
            }
        }
        if (elements.isEmpty()) {
            setting.problem("no endpoint (expected " + ENDPOINTS + ")");
        }
        return endpoints;
    }

    private static Tls readTls(Section section) {
        boolean verify = section.flag("verify", Defaults.VERIFY_ENDPOINTS);
        Path authority = section.readIfGiven("ca", UpstreamReader::readable);
        String serverName = section.readIfGiven("server-name", UpstreamReader::serverName);
        return new Tls(verify, Optional.ofNullable(authority), Optional.ofNullable(serverName));
    }

    private static @Nullable Path readable(Setting setting) {
        Path file = setting.path();
        String unreadable = file == null ? null : SourceFile.whyUnreadable(file);
        if (unreadable != null) {
            setting.problem(setting.shown() + " cannot be read: " + unreadable + " (expected a PEM file)");
        }
        return file;
    }

    private static @Nullable String serverName(Setting setting) {
        String expected = "a host name such as app.example.com";
        String text = setting.text(expected);
        if (text != null && !EndpointUrl.isHostName(text)) {
            setting.problem(setting.shown() + " is no host name (expected " + expected + ")");
        }
        return text;
    }
}
