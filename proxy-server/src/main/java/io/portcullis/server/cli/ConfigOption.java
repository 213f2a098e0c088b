package io.portcullis.server.cli;

import io.portcullis.server.config.ConfigLoader;
import io.portcullis.server.config.LoadResult;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code -c FILE}, which every command that needs a configuration takes. */
final class ConfigOption {

    private static final String INSTALLED = "/etc/portcullis/portcullis.conf";

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "the main configuration file (default: conf/portcullis.conf beside the launcher," + " or "
                    + INSTALLED + " where there is no such folder)")
    private @Nullable Path file;

    /** To be set by the command line. */
    ConfigOption() {}

    /** @param file null where none is named */
    ConfigOption(@Nullable Path file) {
        this.file = file;
    }

    /** The file asked for; null where none was. */
    @Nullable
    Path asked() {
        return file;
    }

    /** The file asked for, or the one beside the launcher; a package keeps it where systems keep such files. */
    Path file() {
        Path asked = file;
        if (asked != null) {
            return asked;
        }
        Path conf = home().resolve("conf");
        return Files.isDirectory(conf) ? conf.resolve("portcullis.conf") : Path.of(INSTALLED);
    }

    /** The folder above the launcher's. */
    static Path home() {
        return Path.of(System.getProperty("portcullis.home", "."));
    }

    /** Loads the configuration; if it is refused, every problem has been printed. */
    LoadResult load(PrintWriter err) {
        return told(ConfigLoader.load(file()), err);
    }

    /** Like {@link #load}, by what is good enough for a process that starts. */
    LoadResult loadToRun(PrintWriter err) {
        return told(ConfigLoader.loadToRun(file()), err);
    }

    private LoadResult told(LoadResult result, PrintWriter err) {
        if (result instanceof LoadResult.Refused refused) {
            refused.problems().forEach(err::println);
            err.println(file() + " is refused: " + Counted.of(refused.problems().size(), "problem"));
            err.flush();
        }
        return result;
    }
}
