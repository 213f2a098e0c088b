package io.portcullis.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The bill of materials names every jar that is delivered, and no other. */
final class BillOfMaterialsIT {

    private static final Path DISTRIBUTION = Path.of("target/portcullis");

    /** A component: its digest, and then its package URL. */
    private static final Pattern COMPONENT = Pattern.compile(
            "\"alg\" : \"SHA-256\",\\s+\"content\" : \"(\\p{XDigit}+)\"(?:(?!\"bom-ref\").)*?"
                    + "\"purl\" : \"pkg:maven/[^/]+/([^@]+)@([^?]+)\\?(?:classifier=([^&]+)&)?type=jar\"",
            Pattern.DOTALL);

    /** If it breaks: who asks whether a weakness of a library concerns him is told so by nobody. */
    @Test
    void namesWhatIsDelivered() throws Exception {
        Path file = DISTRIBUTION.resolve("bom.json");
        boolean mustBeThere = "true".equals(System.getenv("CI"));
        assumeTrue(mustBeThere || Files.exists(file), "Maven makes no bill where it is offline");
        Map<String, String> named = new TreeMap<>();
        String bill = Files.readString(file);
        Matcher component =
                COMPONENT.matcher(bill.substring(bill.indexOf("\"components\" : [", bill.indexOf("\"purl\""))));
        while (component.find()) {
            String classifier = component.group(4) == null ? "" : "-" + component.group(4);
            named.put(component.group(2) + "-" + component.group(3) + classifier + ".jar", component.group(1));
        }

        Map<String, String> delivered = delivered();
        // It is what the bill is of.
        assertThat(delivered.keySet().removeIf(jar -> jar.startsWith("portcullis-server-")))
                .isTrue();
        assertThat(named).isEqualTo(delivered);
    }

    private static Map<String, String> delivered() throws IOException, NoSuchAlgorithmException {
        Map<String, String> digests = new TreeMap<>();
        try (Stream<Path> jars = Files.list(DISTRIBUTION.resolve("lib"))) {
            for (Path jar : jars.toList()) {
                byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(jar));
                digests.put(jar.getFileName().toString(), HexFormat.of().formatHex(digest));
            }
        }
        return digests;
    }
}
