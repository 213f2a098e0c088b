package io.portcullis.benchmarks.report;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The files of {@code benchmarks/peers} as they are in the harness's jar: templates, in which the harness fills the gaps. */
public final class PeerConfigurations {

    private static final String FOLDER = "/peers/";

    /** A jar does not tell what is in a folder of its own. */
    static final Map<String, List<String>> FILES = new LinkedHashMap<>();

    static {
        FILES.put("portcullis", List.of("portcullis.conf", "host.conf"));
        FILES.put("nginx", List.of("nginx.conf", "host.conf"));
        FILES.put("haproxy", List.of("haproxy.cfg", "host.map"));
        FILES.put("nginx-fail2ban", List.of("jail.conf", "forbidden.conf", "fail2ban.conf"));
        FILES.put("caddy", List.of("Caddyfile", "host.caddy"));
        FILES.put("httpd", List.of("httpd.conf", "host.conf"));
    }

    private PeerConfigurations() {}

    /**
     * What holds for all, and then the files of those who took part.
     *
     * @param peers by name; whoever has no files here has none in the report
     */
    public static List<PeerConfiguration> of(List<String> peers) throws IOException {
        List<PeerConfiguration> configurations = new ArrayList<>();
        configurations.add(new PeerConfiguration("all", "README.md", text("README.md")));
        for (String peer : peers) {
            for (String name : FILES.getOrDefault(peer, List.of())) {
                configurations.add(new PeerConfiguration(peer, name, text(peer + "/" + name)));
            }
        }
        return configurations;
    }

    private static String text(String file) throws IOException {
        try (InputStream in = PeerConfigurations.class.getResourceAsStream(FOLDER + file)) {
            if (in == null) {
                throw new IOException(
                        "peers/" + file + " is missing (expected: a resource beside the harness's classes)");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
