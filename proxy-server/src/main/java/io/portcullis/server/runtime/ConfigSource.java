package io.portcullis.server.runtime;

import io.portcullis.server.config.ConfigLoader;
import io.portcullis.server.config.LoadResult;
import java.nio.file.Path;
import java.util.Optional;

/** Where a running process gets its configuration from, again at each reload. */
@FunctionalInterface
public interface ConfigSource {

    /** Reads it as it stands now. Blocks; never throws for what stands, or does not stand, in it. */
    LoadResult load();

    /** The main file; empty where it comes from elsewhere. */
    default Optional<Path> mainFile() {
        return Optional.empty();
    }

    /** The main file that the process was started with, and all that it names. */
    static ConfigSource file(Path mainFile) {
        return new ConfigSource() {
            @Override
            public LoadResult load() {
                return ConfigLoader.loadToRun(mainFile);
            }

            @Override
            public Optional<Path> mainFile() {
                return Optional.of(mainFile.toAbsolutePath().normalize());
            }
        };
    }
}
