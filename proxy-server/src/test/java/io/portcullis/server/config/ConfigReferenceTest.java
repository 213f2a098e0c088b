package io.portcullis.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
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
    private static final Pattern LITERAL = Pattern.compile("`([^`]+)`");

    /** What a load asks for and what it takes for granted, as the readers themselves tell it. */
    private static Findings askedFor() {
        Findings findings = new Findings();
        ConfigLoader.load(
                EVERY_KEY,
                findings,
                new CertificateReader(InstantSource.system(), CertificateReader.Expired.A_PROBLEM));
        return findings;
    }

    private static String asDocumented(String keyPattern) {
        return keyPattern.replaceFirst("^portcullis\\.", "").replaceFirst("^routes\\[]\\.upstream\\.", "upstream.");
    }

    @Test
    void everyAcceptedKeyIsDocumentedAndNoOther() throws IOException {
        Set<String> accepted = new TreeSet<>();
        for (String key : askedFor().keys()) {
            accepted.add(asDocumented(key));
        }
        accepted.remove("portcullis"); // the block around the main file's keys

        assertThat(documented().keySet()).isEqualTo(accepted);
    }

    /** What the readers say by themselves: no list of ours that a new key could be left out of. */
    @Test
    void theDefaultsDocumentedAreThoseThatTheReadersTake() throws IOException {
        Map<String, String> documented = documented();
        Map<String, Object> taken = new TreeMap<>();
        askedFor().defaults().forEach((key, value) -> taken.put(asDocumented(key), value));
        taken.keySet().removeAll(knownOtherwise().keySet());

        assertThat(taken).isNotEmpty().allSatisfy((key, value) -> {
            assertThat(documented).containsKey(key);
            Matcher literal = LITERAL.matcher(documented.get(key));
            assertThat(literal.matches()).as("%s: a default in backquotes", key).isTrue();
            assertThat(sameKind(literal.group(1), value)).as(key).isEqualTo(value);
        });
    }

    /** The text as HOCON reads it where a value of that kind is expected. */
    private static Object sameKind(String text, Object value) {
        Config read = ConfigFactory.parseString("v = " + text);
        if (value instanceof Duration) {
            return read.getDuration("v");
        }
        if (value instanceof Long) {
            return read.getMemorySize("v").toBytes();
        }
        if (value instanceof Integer) {
            return read.getInt("v");
        }
        return value instanceof Boolean ? read.getBoolean("v") : text;
    }

    @Test
    void everyDefaultDocumentedIsHeldToTheCode() throws IOException {
        Set<String> held = new TreeSet<>(knownOtherwise().keySet());
        askedFor().defaults().keySet().forEach(key -> held.add(asDocumented(key)));

        Map<String, String> documented = documented();
        documented.values().removeIf(value -> !LITERAL.matcher(value).matches());
        documented.keySet().removeAll(held);

        assertThat(documented).as("defaults that the page alone claims").isEmpty();
    }

    @Test
    void theDefaultsOfTheOthersAreTheDefaults() throws IOException {
        assertThat(documented()).containsAllEntriesOf(knownOtherwise());
    }

    /** The defaults that the readers do not say in so many words, as the page has them. */
    private static Map<String, String> knownOtherwise() {
        Map<String, String> expected = new TreeMap<>();
        expected.put("virtual-hosts-dir", Defaults.VIRTUAL_HOSTS_DIR);
        expected.put("allowlist", "[\"" + String.join("\", \"", Defaults.ALLOWLIST) + "\"]");
        expected.put("default-host", word((Enum<?>) Defaults.DEFAULT_HOST));
        expected.put("bans.store.path", "\"" + Defaults.STORE_PATH + "\"");
        expected.put("admin.bind", Defaults.ADMIN_BIND.toString());
        expected.put("admin.token-file", Defaults.TOKEN_FILE);
        expected.put("log.bans", word(Defaults.BAN_LOG));
        expected.put("upstream.proxy-protocol", Defaults.ENDPOINT_PROXY_PROTOCOL ? "v2" : "off");
        expected.put("listeners.NAME.tls", "false");
        expected.put("listeners.NAME.http2", "true` with `tls`, else `false");
        expected.put("listeners.NAME.proxy-protocol", "" + Defaults.LISTENER_PROXY_PROTOCOL);
        expected.put("hsts.preload", "" + Defaults.HSTS_PRELOAD);
        expected.put("routes[].status", Defaults.REDIRECT_STATUS + "` with `redirect");
        // These have no constants: without the key nothing is there, or done.
        expected.put("trusted-proxies", "[]");
        expected.put("denylist", "[]");
        expected.put("routes[].strip-prefix", "false");
        expected.put("jails.NAME.enabled", "true");
        expected.put("jails.NAME.increment", "false");
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
        return expected;
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
