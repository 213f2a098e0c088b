package io.portcullis.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.core.config.Defaults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** {@code docs/configuration.md} documents every key that is accepted, and no other, with the default that it has. */
final class ConfigReferenceTest {

    private static final Path EVERY_KEY = Path.of("src/test/resources/config/good/every-key/portcullis.conf");
    private static final Pattern ROW = Pattern.compile("\\| `([^`]+)` \\|[^|]*\\| ([^|]*?) ?\\|.*");

    @Test
    void everyAcceptedKeyIsDocumentedAndNoOther() throws IOException {
        Findings findings = new Findings();
        ConfigLoader.load(
                EVERY_KEY,
                findings,
                new CertificateReader(InstantSource.system(), CertificateReader.Expired.A_PROBLEM));
        Set<String> accepted = new TreeSet<>();
        for (String key : findings.keys()) {
            accepted.add(key.replaceFirst("^portcullis\\.", "").replaceFirst("^routes\\[]\\.upstream\\.", "upstream."));
        }
        accepted.remove("portcullis"); // the block around the main file's keys

        assertThat(documented().keySet()).isEqualTo(accepted);
    }

    @Test
    void theDefaultsDocumentedAreTheDefaults() throws IOException {
        Map<String, String> expected = new TreeMap<>();
        expected.put("virtual-hosts-dir", Defaults.VIRTUAL_HOSTS_DIR);
        expected.put("client-address-header", Defaults.CLIENT_ADDRESS_HEADER.fieldName);
        expected.put("allowlist", "[\"" + String.join("\", \"", Defaults.ALLOWLIST) + "\"]");
        expected.put("default-host", word((Enum<?>) Defaults.DEFAULT_HOST));
        expected.put("bans.ipv6-prefix", "" + Defaults.IPV6_PREFIX);
        expected.put("bans.promote-after", "" + Defaults.PROMOTE_AFTER);
        expected.put("bans.widen-after", "" + Defaults.WIDEN_AFTER);
        expected.put("bans.tracked-clients", "" + Defaults.TRACKED_CLIENTS);
        expected.put("bans.max-bans", "" + Defaults.MAX_BANS);
        expected.put("bans.remember", text(Defaults.REMEMBER));
        expected.put("bans.unban-grace", text(Defaults.UNBAN_GRACE));
        expected.put("bans.sick-upstream.share", "" + Defaults.SICK_SHARE);
        expected.put("bans.sick-upstream.min-clients", "" + Defaults.SICK_MIN_CLIENTS);
        expected.put("bans.tarpit.max", "" + Defaults.TARPIT_MAX);
        expected.put("bans.tarpit.hold", text(Defaults.TARPIT_HOLD));
        expected.put("bans.store.path", "\"" + Defaults.STORE_PATH + "\"");
        expected.put("dry-run", "" + Defaults.DRY_RUN);
        expected.put("admin.bind", Defaults.ADMIN_BIND.toString());
        expected.put("admin.token-file", Defaults.TOKEN_FILE);
        expected.put("admin.metrics.max-hosts", "" + Defaults.METRICS_MAX_HOSTS);
        expected.put("admin.metrics.without-token", "" + Defaults.METRICS_WITHOUT_TOKEN);
        expected.put("log.format", word(Defaults.ACCESS_LOG_FORMAT));
        expected.put("limits.max-head-size", Defaults.MAX_HEAD_SIZE / 1024 + "KiB");
        expected.put("limits.max-headers", "" + Defaults.MAX_HEADERS);
        expected.put("limits.max-body-size", Defaults.MAX_BODY_SIZE / 1024 / 1024 + "MiB");
        expected.put("limits.max-connections", "" + Defaults.MAX_CONNECTIONS);
        expected.put("timeouts.head", text(Defaults.HEAD_TIMEOUT));
        expected.put("timeouts.idle", text(Defaults.IDLE_TIMEOUT));
        expected.put("timeouts.connect", text(Defaults.CONNECT_TIMEOUT));
        expected.put("timeouts.response", text(Defaults.RESPONSE_TIMEOUT));
        expected.put("timeouts.tunnel", text(Defaults.TUNNEL_TIMEOUT));
        expected.put("timeouts.drain", text(Defaults.DRAIN_TIMEOUT));
        expected.put("threads", "" + Defaults.THREADS);
        expected.put("transport", word(Defaults.TRANSPORT));
        expected.put("upstream.balance", word(Defaults.BALANCE));
        expected.put("upstream.max-fails", "" + Defaults.MAX_FAILS);
        expected.put("upstream.fail-timeout", text(Defaults.FAIL_TIMEOUT));
        expected.put("upstream.tls.verify", "" + Defaults.VERIFY_ENDPOINTS);
        expected.put("upstream.proxy-protocol", Defaults.ENDPOINT_PROXY_PROTOCOL ? "v2" : "off");
        expected.put("listeners.NAME.tls", "false");
        expected.put("listeners.NAME.http2", "true` with `tls`, else `false");
        expected.put("listeners.NAME.proxy-protocol", "" + Defaults.LISTENER_PROXY_PROTOCOL);
        expected.put("redirect-to-https", "" + Defaults.REDIRECT_TO_HTTPS);
        expected.put("hsts.include-subdomains", "" + Defaults.HSTS_INCLUDE_SUBDOMAINS);
        expected.put("hsts.preload", "" + Defaults.HSTS_PRELOAD);
        expected.put("routes[].status", Defaults.REDIRECT_STATUS + "` with `redirect");
        expected.put("jails.NAME.max-retry", "" + Defaults.MAX_RETRY);
        expected.put("jails.NAME.find-time", text(Defaults.FIND_TIME));
        expected.put("jails.NAME.ban-time", text(Defaults.BAN_TIME));
        expected.put(
                "jails.NAME.on",
                Defaults.ON.stream().map(ConfigReferenceTest::word).collect(Collectors.joining(", ")));
        expected.put("jails.NAME.count", word(Defaults.COUNT));
        expected.put("jails.NAME.weight", "" + Defaults.WEIGHT);
        expected.put("jails.NAME.dry-run", "" + Defaults.DRY_RUN);
        expected.put("jails.NAME.increment.factor", "" + (int) Defaults.INCREMENT_FACTOR);
        expected.put("jails.NAME.increment.max", text(Defaults.INCREMENT_MAX));
        expected.put("jails.NAME.increment.jitter", text(Defaults.INCREMENT_JITTER));
        expected.put("jails.NAME.scope", word(Defaults.SCOPE));
        expected.put("jails.NAME.action", word((Enum<?>) Defaults.ACTION));
        expected.put("jails.NAME.reject-status", "" + Defaults.REJECT_STATUS);
        expected.replaceAll((key, value) -> "`" + value + "`");

        assertThat(documented()).containsAllEntriesOf(expected);
    }

    /** The paths that are ignored are in prose, since they are too many for a table. */
    @Test
    void everyPathIgnoredByDefaultIsDocumented() throws IOException {
        String text = Files.readString(Path.of("../docs/configuration.md"));

        assertThat(Defaults.IGNORE_PATHS).allSatisfy(path -> assertThat(text).contains("`" + path + "`"));
    }

    /** The default by key, as the tables have it. */
    private static Map<String, String> documented() throws IOException {
        Map<String, String> defaults = new TreeMap<>();
        for (String line : Files.readAllLines(Path.of("../docs/configuration.md"))) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                defaults.put(row.group(1), row.group(2));
            }
        }
        return defaults;
    }

    private static String word(Enum<?> constant) {
        return Setting.word(constant);
    }

    /** In the largest unit that keeps it whole and more than one. */
    private static String text(Duration duration) {
        if (duration.toDays() > 1 && duration.toHoursPart() == 0) {
            return duration.toDays() + "d";
        }
        if (duration.toMinutes() > 1 && duration.toSecondsPart() == 0) {
            return duration.toMinutes() % 60 == 0 ? duration.toHours() + "h" : duration.toMinutes() + "m";
        }
        return duration.toSeconds() + "s";
    }
}
