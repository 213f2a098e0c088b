package io.portcullis.core.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portcullis.core.config.DefaultHost;
import io.portcullis.core.config.HttpsConfig;
import io.portcullis.core.config.RouteConfig;
import io.portcullis.core.config.VirtualHostConfig;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A request that reaches the wrong virtual host meets the wrong application, jails and bans. */
final class RoutingTableTest {

    private static final DefaultHost CLOSE = DefaultHost.Close.CLOSE;

    @ParameterizedTest
    @CsvSource({
        "shop.example.com, exact",
        "www.example.com, suffix",
        "a.b.example.com, suffix",
        "example.com, bare",
        "x.deep.example.com, deepSuffix",
        "deep.example.com, suffix",
        "mail.other.org, prefix",
        "mail.a.b.c, prefix",
        "mail.example.com, suffix",
        "mail.long.test, longPrefix",
        "mail, ",
        "notexample.com, ",
        "other.org, ",
        "example.com.evil.org, ",
        "com, ",
        "[2001:db8::1], literal",
        "192.0.2.1, literal",
    })
    void anExactNameWinsThenTheLongestWildcard(String host, @Nullable String expected) {
        RoutingTable table = RoutingTable.of(
                List.of(
                        host("suffix", "*.example.com"),
                        host("deepSuffix", "*.deep.example.com"),
                        host("exact", "shop.example.com"),
                        host("bare", "example.com"),
                        host("prefix", "mail.*"),
                        host("longPrefix", "mail.long.*"),
                        host("literal", "[2001:db8::1]", "192.0.2.1")),
                CLOSE);
        assertThat(nameOf(table.find("http", host))).isEqualTo(expected);
    }

    @Test
    void aSuffixWinsOverAPrefixOfTheSameLengthAndALongerPrefixOverASuffix() {
        RoutingTable table = RoutingTable.of(
                List.of(host("suffix", "*.abc"), host("prefix", "abc.*"), host("longer", "abc.d.*")), CLOSE);
        assertThat(nameOf(table.find("http", "abc.x.abc"))).isEqualTo("suffix");
        assertThat(nameOf(table.find("http", "abc.d.abc"))).isEqualTo("longer");
    }

    @Test
    void agreesWithLookingAtEveryNameOfEveryHost() {
        Random random = new Random(13);
        for (int round = 0; round < 500; round++) {
            Set<String> patterns = new LinkedHashSet<>();
            for (int n = random.nextInt(12); n >= 0; n--) {
                String name = labels(random);
                patterns.add(
                        switch (random.nextInt(3)) {
                            case 0 -> name;
                            case 1 -> "*." + name;
                            default -> name + ".*";
                        });
            }
            // Each virtual host is named as its only server name is.
            RoutingTable table = RoutingTable.of(
                    patterns.stream().map(name -> host(name, name)).toList(), CLOSE);
            for (int i = 0; i < 50; i++) {
                String host = labels(random);
                assertThat(nameOf(table.find("http", host)))
                        .as("%s among %s", host, patterns)
                        .isEqualTo(model(patterns, host));
            }
        }
    }

    @Test
    void aVirtualHostIsFoundOnItsListenersOnly() {
        RoutingTable table = RoutingTable.of(
                List.of(
                        new VirtualHostConfig(
                                "inside",
                                List.of("a.test"),
                                List.of("lan"),
                                List.of(),
                                List.of(),
                                Optional.empty(),
                                HttpsConfig.NONE),
                        new VirtualHostConfig(
                                "outside",
                                List.of("a.test", "b.test"),
                                List.of("wan", "guest"),
                                List.of(),
                                List.of(),
                                Optional.empty(),
                                HttpsConfig.NONE)),
                CLOSE);
        assertThat(nameOf(table.forListener("lan").find("a.test"))).isEqualTo("inside");
        assertThat(nameOf(table.forListener("wan").find("a.test"))).isEqualTo("outside");
        assertThat(table.forListener("lan").find("b.test")).isNull();
        assertThat(table.forListener("wan").virtualHostNames()).containsExactly("outside");
        assertThat(table.forListener("nobody's").find("a.test")).isNull();
        assertThat(table.forListener("nobody's").virtualHostNames()).isEmpty();
        assertThat(table.virtualHosts()).extracting(VirtualHost::name).containsExactly("inside", "outside");
    }

    @Test
    void theDefaultHostStandsInForUnknownHostsWhereItIsReachable() {
        RoutingTable table = RoutingTable.of(
                List.of(
                        new VirtualHostConfig(
                                "main",
                                List.of("a.test"),
                                List.of("wan"),
                                List.of(),
                                List.of(),
                                Optional.empty(),
                                HttpsConfig.NONE),
                        new VirtualHostConfig(
                                "other",
                                List.of("b.test"),
                                List.of("lan"),
                                List.of(),
                                List.of(),
                                Optional.empty(),
                                HttpsConfig.NONE)),
                new DefaultHost.Named("main"));
        assertThat(nameOf(table.find("wan", "unknown.test"))).isEqualTo("main");
        assertThat(table.find("lan", "unknown.test")).isNull();
        assertThat(table.forListener("lan").rejectsUnknownHosts()).isFalse();
    }

    @Test
    void unknownHostsAreRejectedOnlyWhereThatIsAsked() {
        List<VirtualHostConfig> hosts = List.of(host("a", "a.test"));
        assertThat(RoutingTable.of(hosts, DefaultHost.Reject.REJECT)
                        .forListener("http")
                        .rejectsUnknownHosts())
                .isTrue();
        assertThat(RoutingTable.of(hosts, DefaultHost.Reject.REJECT)
                        .forListener("empty")
                        .rejectsUnknownHosts())
                .isTrue();
        assertThat(RoutingTable.of(hosts, CLOSE).forListener("http").rejectsUnknownHosts())
                .isFalse();
    }

    @Test
    void twoVirtualHostsCannotHaveOneName() {
        assertThatThrownBy(() -> RoutingTable.of(List.of(host("a", "*.x.test"), host("b", "*.x.test")), CLOSE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("server name *.x.test: of a and b (expected: of one)");
    }

    private static @Nullable String model(Set<String> patterns, String host) {
        if (patterns.contains(host)) {
            return host;
        }
        String best = null;
        for (String pattern : patterns) {
            boolean isSuffix = pattern.startsWith("*");
            boolean matches = isSuffix
                    ? host.endsWith(pattern.substring(1))
                    : pattern.endsWith("*") && host.startsWith(pattern.substring(0, pattern.length() - 1));
            boolean better =
                    best == null || pattern.length() > best.length() || (pattern.length() == best.length() && isSuffix);
            if (matches && better) {
                best = pattern;
            }
        }
        return best;
    }

    private static String labels(Random random) {
        List<String> labels = new ArrayList<>();
        for (int n = random.nextInt(4); n >= 0; n--) {
            labels.add(new String[] {"a", "b", "ab", "b-"}[random.nextInt(4)]);
        }
        return String.join(".", labels);
    }

    private static @Nullable String nameOf(@Nullable VirtualHost host) {
        return host == null ? null : host.name();
    }

    private static VirtualHostConfig host(String name, String... serverNames) {
        RouteConfig route = new RouteConfig("/", new RouteConfig.FixedAnswer(200, name));
        return new VirtualHostConfig(
                name,
                List.of(serverNames),
                List.of("http"),
                List.of(route),
                List.of(),
                Optional.empty(),
                HttpsConfig.NONE);
    }
}
