package io.portcullis.core.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What is written about exchanges and bans, and where.
 *
 * @param access where each exchange is written; empty, or {@link Format#OFF}, for nowhere
 * @param bans where each ban is written; empty for nowhere
 * @param rotation of those that are files
 */
public record LogConfig(
        Optional<Target> access, Format format, Optional<Target> bans, BansFormat bansFormat, Rotation rotation) {

    /** The files that are written. */
    public List<Path> files() {
        List<Path> files = new ArrayList<>();
        if (format != Format.OFF && access.orElse(Stream.STDOUT) instanceof InFile file) {
            files.add(file.path());
        }
        if (bans.orElse(Stream.STDOUT) instanceof InFile file) {
            files.add(file.path());
        }
        return files;
    }

    /** Where lines go. As text: the word or the path that the configuration has. */
    public sealed interface Target {}

    /** @param path is made where it is missing, its folder too */
    public record InFile(Path path) implements Target {
        @Override
        public String toString() {
            return path.toString();
        }
    }

    /** One of the process's own streams. */
    public enum Stream implements Target {
        STDOUT,
        STDERR;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How an exchange is written. */
    public enum Format {
        COMBINED,
        JSON,
        OFF
    }

    /** How a ban is written. */
    public enum BansFormat {
        TEXT,
        JSON
    }

    /**
     * When a file is moved aside and a new one begun.
     *
     * @param size in bytes; 0 for never
     * @param keep how many old files are kept, at least 1
     */
    public record Rotation(long size, int keep) {}
}
