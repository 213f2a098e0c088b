package io.portcullis.server.e2e.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** The programs of others that tests run: where they are, and what it means that one is not there. */
public final class Tools {

    /** Where Debian has servers, which is not on everybody's PATH. */
    private static final String MORE = File.pathSeparator + "/usr/sbin";

    /** The program of that name; skips the test where there is none, except under CI, where that is a failure. */
    public static Path find(String name) {
        Optional<Path> found = Stream.of((System.getenv("PATH") + MORE).split(File.pathSeparator, -1))
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .findFirst();
        if ("true".equals(System.getenv("CI"))) {
            assertThat(found).as(name + ", which .ci/run installs").isPresent();
        }
        assumeTrue(found.isPresent(), name + " is not installed");
        return found.orElseThrow();
    }

    private Tools() {}
}
