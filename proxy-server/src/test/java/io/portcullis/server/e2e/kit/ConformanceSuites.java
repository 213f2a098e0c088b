package io.portcullis.server.e2e.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;

/** Where the build lays the suites of others that the proxy is held to. */
final class ConformanceSuites {

    /** The jar of that artifact. */
    static Path jar(String artifact) {
        Path jar = Path.of(System.getProperty("conformance.suites", "target/conformance"), artifact + ".jar");
        assertThat(jar).as("the suite, which mvn pre-integration-test copies").exists();
        return jar;
    }

    private ConformanceSuites() {}
}
