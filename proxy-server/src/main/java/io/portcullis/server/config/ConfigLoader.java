package io.portcullis.server.config;

import io.portcullis.core.config.ConfigProblem;
import java.nio.file.Path;
import java.util.List;

/** Reads the main file and every virtual host's, and refuses them whole if there is any problem in any of them. */
public final class ConfigLoader {

    private ConfigLoader() {}

    /**
     * Loads a configuration. Blocks on files; never throws for what stands, or does not stand, in them.
     *
     * @param mainFile as the operator named it; problems name files in the same way
     */
    public static LoadResult load(Path mainFile) {
        return new LoadResult.Refused(List.of(new ConfigProblem(mainFile.toString(), 0, "", "cannot be read")));
    }
}
