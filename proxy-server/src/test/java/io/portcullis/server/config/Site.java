package io.portcullis.server.config;

import io.portcullis.core.ban.Allowlist;
import io.portcullis.core.ban.AnswerWeight;
import io.portcullis.core.ban.Ban;
import io.portcullis.core.ban.BanEngine;
import io.portcullis.core.ban.BanListener;
import io.portcullis.core.ban.JailSet;
import io.portcullis.core.ban.Observation;
import io.portcullis.core.ban.Verdict;
import io.portcullis.core.config.JailConfig.On;
import io.portcullis.core.config.PortcullisConfig;
import io.portcullis.core.http.PathNormalizer;
import io.portcullis.core.http.RequestHead;
import io.portcullis.core.net.ClientAddress;
import io.portcullis.core.net.IpAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A virtual host with ready-made jails, as loaded from files, in front of a real engine and without sockets: requests
 * come with the answer that they get, and the clock is the test's.
 */
final class Site {

    static final String HOST = "shop";

    private static final Path JAILS = Path.of("../conf/jails").toAbsolutePath().normalize();
    private static final String BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0";

    private final BanEngine engine;
    private final JailSet jails;
    private final JailSet jailsOfNoHost;
    private long now = 1_800_000_000_000L;

    private Site(PortcullisConfig config) {
        this.engine = new BanEngine(
                config.bans(),
                Allowlist.NOBODY,
                new BanEngine.Sources(() -> Instant.ofEpochMilli(now), new Random(1)),
                new BanListener() {
                    @Override
                    public void banned(Ban ban) {}

                    @Override
                    public void unbanned(Ban ban) {}
                });
        this.jails = engine.jailsOf(HOST, config.virtualHosts().get(0).jails());
        this.jailsOfNoHost = engine.jailsOfNoHost(config.jails());
    }

    /**
     * Loads a configuration whose only virtual host has the jails of one of the files in {@code conf/jails}.
     *
     * @param more what stands in the virtual host's file after the include
     */
    static Site with(Path folder, String file, String more) throws IOException {
        String include = "jails { include required(file(\"" + JAILS.resolve(file + ".conf") + "\")) }\n";
        Files.createDirectories(folder.resolve("hosts.d"));
        Files.writeString(
                folder.resolve("hosts.d/" + HOST + ".conf"),
                "server-names = [\"shop.example\"]\nupstream = \"http://127.0.0.1:8080\"\n" + include + more);
        Path main = folder.resolve("portcullis.conf");
        Files.writeString(
                main,
                "portcullis { listeners { http { bind = \"127.0.0.1:0\" } }\nbans.store.type = memory\n" + include
                        + "}");
        return new Site(ConfigLoader.load(main).orElseThrow());
    }

    void pass(Duration time) {
        now += time.toMillis();
        engine.upkeep();
    }

    /** A browser asks for it, and gets that answer. */
    @Nullable
    Ban get(String client, String target, int status) {
        return request(client, "GET", target, status, Map.of());
    }

    /**
     * A request is answered, unless it has no valid path: then the proxy says so.
     *
     * @param fields by names in lower case
     */
    @Nullable
    Ban request(String client, String method, String target, int status, Map<String, String> fields) {
        return request(client, new Head(method, target, fields), status, AnswerWeight.UNSAID);
    }

    @Nullable
    Ban weighed(String client, String target, int status, int weight) {
        return request(client, new Head("GET", target, Map.of()), status, new AnswerWeight(weight));
    }

    private @Nullable Ban request(String client, Head head, int status, AnswerWeight weight) {
        ClientAddress address = address(client);
        if (PathNormalizer.normalize(head.target) == null) {
            return engine.observe(new Observation.Violation(address, jails, head, 400, On.PROTOCOL_ERROR));
        }
        jails.answered(engine.keyOf(address.client()), status);
        return jails.mayCount(status, head, weight)
                ? engine.observe(new Observation.Answer(address, jails, head, status, weight))
                : null;
    }

    /** Something that no application sees; where no host is known, it concerns none. */
    @Nullable
    Ban violation(String client, On kind) {
        Head head = new Head("GET", "/", Map.of());
        JailSet concerned = kind == On.UNKNOWN_HOST ? jailsOfNoHost : jails;
        int status = kind == On.UNKNOWN_HOST ? 0 : 400;
        return engine.observe(new Observation.Violation(address(client), concerned, head, status, kind));
    }

    boolean refuses(String client) {
        ClientAddress address = address(client);
        return engine.verdict(address, engine.keyOf(address.client()), HOST) instanceof Verdict.Refuse;
    }

    boolean refusesOnOtherHosts(String client) {
        ClientAddress address = address(client);
        return engine.verdict(address, engine.keyOf(address.client()), "another") instanceof Verdict.Refuse;
    }

    private static ClientAddress address(String client) {
        return ClientAddress.direct(Objects.requireNonNull(IpAddress.parse(client)));
    }

    private record Head(String method, String target, Map<String, String> fields) implements RequestHead {

        @Override
        public String path() {
            String path = PathNormalizer.normalize(target);
            return path == null ? target : path;
        }

        @Override
        public @Nullable String header(String name) {
            String lower = name.toLowerCase(Locale.ROOT);
            return lower.equals("user-agent") ? fields.getOrDefault(lower, BROWSER) : fields.get(lower);
        }
    }
}
