package io.portcullis.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/** Replays what a fuzzer starts from, and what it once found: the files of {@code src/test/fuzz}, a folder a target. */
public final class FuzzSeeds {

    private FuzzSeeds() {}

    /** One test a file. */
    public static List<DynamicTest> replay(Class<?> target, Consumer<byte[]> fuzzerTestOneInput) throws IOException {
        Path folder = Path.of("src/test/fuzz", target.getSimpleName());
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().map(file -> replay(file, fuzzerTestOneInput)).toList();
        }
    }

    private static DynamicTest replay(Path file, Consumer<byte[]> fuzzerTestOneInput) {
        return DynamicTest.dynamicTest(String.valueOf(file.getFileName()), file.toUri(), () -> {
            try {
                fuzzerTestOneInput.accept(Files.readAllBytes(file));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
