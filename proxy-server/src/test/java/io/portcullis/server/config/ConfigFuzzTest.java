package io.portcullis.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.portcullis.core.config.JailConfig;
import io.portcullis.core.config.PathPattern;
import io.portcullis.core.config.VirtualHostConfig;
import io.portcullis.server.FuzzSeeds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Files that are almost right never make the loader throw: a reload must not take the process down. */
final class ConfigFuzzTest {

    private static final Path GOOD = Path.of("src/test/resources/config/good/every-key");
    private static final int ROUNDS = 500;

    private static final String[] PIECES = {
        "{",
        "}",
        "[",
        "]",
        "\"",
        "=",
        "+=",
        ",",
        "\n",
        "#",
        "${",
        "${?",
        "}",
        "null",
        "true",
        "-1",
        "1e999",
        "NaN",
        "0",
        "9999999999999999999",
        "\\u0000",
        "include \"portcullis.conf\"",
        "include ",
        "é",
        "\u0000",
        "${portcullis}",
        "${jails}",
        "\"\"",
        "/",
        ":",
        "..",
        "file:",
        "regex:",
        "forever",
        "infinite"
    };

    @Test
    void whateverHappensToAFileTheAnswerIsAConfigurationOrProblems(@TempDir Path folder) throws IOException {
        List<Path> files = copy(folder);
        for (int seed = 0; seed < ROUNDS; seed++) {
            Random random = new Random(seed);
            Path file = files.get(random.nextInt(files.size()));
            String good = Files.readString(file);
            String bad = mutate(good, random);
            Files.writeString(file, bad);
            try {
                LoadResult result = ConfigLoader.load(folder.resolve("portcullis.conf"));
                if (result instanceof LoadResult.Refused refused) {
                    assertThat(refused.problems()).isNotEmpty();
                }
            } catch (RuntimeException | Error e) {
                fail("seed " + seed + ", " + file.getFileName() + ":\n" + bad, e);
            }
            Files.writeString(file, good);
        }
    }

    /** @param octets the main file and, behind a line that is {@code ---}, a virtual host's */
    public static void fuzzerTestOneInput(byte[] octets) {
        String[] files = new String(octets, StandardCharsets.UTF_8).split("\n---\n", 2);
        try {
            Path folder = Files.createTempDirectory("fuzz");
            Path main = folder.resolve("portcullis.conf");
            Path host = Files.createDirectory(folder.resolve("hosts.d")).resolve("site.conf");
            try {
                Files.writeString(main, files[0]);
                Files.writeString(host, files[files.length - 1]);
                check(ConfigLoader.load(main), octets);
            } finally {
                Files.deleteIfExists(host);
                Files.deleteIfExists(folder.resolve("hosts.d"));
                Files.deleteIfExists(main);
                Files.deleteIfExists(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void check(LoadResult result, byte[] octets) {
        if (result instanceof LoadResult.Refused refused) {
            assertThat(refused.problems()).isNotEmpty();
            return;
        }
        // A stranger's path meets every pattern.
        String path = new String(octets, StandardCharsets.ISO_8859_1);
        for (VirtualHostConfig host : result.orElseThrow().virtualHosts()) {
            for (JailConfig jail : host.jails()) {
                for (PathPattern pattern : jail.conditions().paths()) {
                    if (pattern instanceof PathPattern.Regex regex) {
                        regex.matcher().isFoundIn(path);
                    }
                }
            }
        }
    }

    @TestFactory
    List<DynamicTest> seeds() throws IOException {
        return FuzzSeeds.replay(ConfigFuzzTest.class, ConfigFuzzTest::fuzzerTestOneInput);
    }

    private static List<Path> copy(Path folder) throws IOException {
        List<Path> copies = new ArrayList<>();
        try (Stream<Path> files = Files.walk(GOOD)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                Path copy = folder.resolve(GOOD.relativize(file).toString());
                Files.createDirectories(Objects.requireNonNull(copy.getParent()));
                Files.writeString(copy, Files.readString(file));
                copies.add(copy);
            }
        }
        return copies;
    }

    private static String mutate(String good, Random random) {
        StringBuilder text = new StringBuilder(good);
        int changes = 1 + random.nextInt(3);
        for (int i = 0; i < changes; i++) {
            int at = random.nextInt(text.length() + 1);
            int end = Math.min(text.length(), at + 1 + random.nextInt(12));
            switch (random.nextInt(5)) {
                case 0 -> text.delete(at, end);
                case 1 -> text.insert(at, PIECES[random.nextInt(PIECES.length)]);
                case 2 -> text.replace(at, end, PIECES[random.nextInt(PIECES.length)]);
                case 3 -> text.insert(random.nextInt(text.length() + 1), text.substring(at, end));
                default -> replaceValue(text, random);
            }
        }
        return new String(text.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    /** What follows an equals sign, up to the end of the line: such files stay HOCON, and reach the readers. */
    private static void replaceValue(StringBuilder text, Random random) {
        int equals = text.indexOf("=", random.nextInt(text.length() + 1));
        int end = equals < 0 ? -1 : text.indexOf("\n", equals);
        if (end > 0) {
            text.replace(equals + 1, end, " " + PIECES[random.nextInt(PIECES.length)]);
        }
    }
}
