package io.portcullis.core.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What is written about exchanges.
 *
 * @param access the access log's file; nothing is logged where there is none or the format is {@link Format#OFF}
 */
public record LogConfig(Optional<Path> access, Format format) {

    /** How an exchange is written. */
    public enum Format {
        COMBINED,
        JSON,
        OFF
    }
}
