package io.portcullis.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.core.config.ConfigProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every example in the tables of {@code docs/configuration.md} is accepted, in a configuration where it makes sense. */
final class ConfigExamplesTest {

    private static final Path CERTIFICATES = Path.of("src/test/resources/config/good/every-key/certs");
    private static final Pattern ROW = Pattern.compile("\\| `([^`]+)` \\|[^|]*\\|[^|]*\\|[^|]*\\| `([^`]+)` \\|");

    /** {@code secrets { max-retry = 1 }}: names itself, so only what is around it is to be added. */
    private static final Pattern BLOCK = Pattern.compile("[\\w-]+ \\{.*");

    private static final String MAIN = """
            portcullis {
              listeners {
                http  { bind = "127.0.0.1:0" }
                https { bind = "127.0.0.1:0", tls { certificate = "default.crt", key = "default.key" } }
              }
              trusted-proxies = ["10.0.0.5"]
              jails { example { statuses = [403] } }
            }
            """;

    private static final String HOST = """
            server-names = ["shop.example.com"]
            tls { certificate = "shop.crt", key = "shop.key" }
            upstream { endpoints = ["http://127.0.0.1:8080"] }
            """;

    /** What must be said besides, since the key makes sense with it only. */
    private static final Map<String, String> BESIDES = Map.ofEntries(
            Map.entry("jails.NAME.reject-status", "portcullis.jails.example.action = reject"),
            Map.entry("hsts.include-subdomains", "hsts.max-age = 365d"),
            Map.entry("hsts.preload", "hsts { max-age = 365d, include-subdomains = true }"),
            Map.entry("upstream.tls.verify", "upstream.endpoints = [\"https://127.0.0.1:8443\"]"),
            Map.entry("upstream.tls.ca", "upstream.endpoints = [\"https://127.0.0.1:8443\"]"),
            Map.entry("upstream.tls.server-name", "upstream.endpoints = [\"https://127.0.0.1:8443\"]"));

    /** The rest of a route that has the key. */
    private static final Map<String, String> ROUTES = Map.of(
            "path", "upstream = \"http://127.0.0.1:8081\"",
            "upstream", "path = \"/api/\"",
            "strip-prefix", "path = \"/api/\", upstream = \"http://127.0.0.1:8081\"",
            "redirect", "path = \"/old\"",
            "status", "path = \"/old\", redirect = \"/new\"",
            "body", "path = \"/closed\", status = 503");

    private final Path folder;

    ConfigExamplesTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        Path hosts = Files.createDirectory(folder.resolve("hosts.d"));
        for (String ending : List.of("crt", "key")) {
            Path site = CERTIFICATES.resolve("site." + ending);
            Files.copy(site, folder.resolve("default." + ending));
            Files.copy(site, hosts.resolve("shop." + ending));
        }
        Files.copy(CERTIFICATES.resolve("site.crt"), hosts.resolve("internal-ca.pem"));
        Files.writeString(folder.resolve("office.txt"), "192.0.2.1\n");
    }

    @Test
    void everyExampleIsAccepted() throws IOException {
        List<String> refused = new ArrayList<>();
        int tried = 0;
        boolean ofHosts = false;
        for (String line : Files.readAllLines(Path.of("../docs/configuration.md"))) {
            if (line.startsWith("## ")) {
                ofHosts = line.equals("## A virtual host file") || line.equals("## An upstream");
            }
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                tried++;
                for (ConfigProblem problem : problems(ofHosts, row.group(1), row.group(2))) {
                    refused.add(row.group(1) + ", example " + row.group(2) + ": " + problem);
                }
            }
        }
        assertThat(refused).isEmpty();
        assertThat(tried).as("examples found").isGreaterThan(80);
    }

    private List<ConfigProblem> problems(boolean ofHosts, String key, String example) throws IOException {
        String besides = BESIDES.getOrDefault(key, "") + "\n";
        String text = ofHosts ? setting(key, example) : "portcullis." + setting(key, example);
        Path main = Files.writeString(folder.resolve("portcullis.conf"), ofHosts ? MAIN : MAIN + besides + text);
        Files.writeString(folder.resolve("hosts.d/shop.conf"), ofHosts ? HOST + besides + text : HOST);
        LoadResult result = ConfigLoader.load(main, InstantSource.system());
        return result instanceof LoadResult.Refused no ? no.problems() : List.of();
    }

    private static String setting(String key, String example) {
        if (key.startsWith("routes[].")) {
            String member = key.substring("routes[].".length());
            return "routes = [ { " + ROUTES.get(member) + ", " + member + " = " + example + " } ]";
        }
        String path = key.replace("listeners.NAME", "listeners.https").replace("jails.NAME", "jails.example");
        if (BLOCK.matcher(example).matches()) {
            return path.substring(0, path.lastIndexOf('.') + 1) + example;
        }
        return path + " = " + example;
    }
}
