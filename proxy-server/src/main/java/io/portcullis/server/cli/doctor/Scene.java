package io.portcullis.server.cli.doctor;

import io.portcullis.core.config.PortcullisConfig;
import io.portcullis.server.admin.Vitals;
import io.portcullis.server.config.LoadResult;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/**
 * What there is to look at.
 *
 * @param loaded what became of the configuration file
 * @param process what the running process says; empty where none could be asked
 * @param silence why none could be asked; empty where one was
 */
public record Scene(
        Path configFile, LoadResult loaded, Optional<Vitals> process, String silence, Host host, InstantSource clock) {

    /** Empty where it is refused. */
    Optional<PortcullisConfig> config() {
        return loaded instanceof LoadResult.Loaded valid ? Optional.of(valid.config()) : Optional.empty();
    }

    /** The folder of {@code /proc} for the running process, or for one that would run as this command does. */
    String proc() {
        return "proc/" + process.map(vitals -> Long.toString(vitals.pid())).orElse("self");
    }
}
