package io.portcullis.server.config;

import io.portcullis.core.config.Defaults;
import io.portcullis.core.config.LogConfig;
import io.portcullis.core.config.LogConfig.InFile;
import io.portcullis.core.config.LogConfig.Rotation;
import io.portcullis.core.config.LogConfig.Stream;
import io.portcullis.core.config.LogConfig.Target;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the block {@code log}: what is written about exchanges and bans, and where. */
final class LogReader {

    private static final String OFF = "off";
    private static final List<String> WORDS = List.of("stdout", "stderr", OFF);
    private static final long MIB = 1024 * 1024;
    private static final long SMALLEST = MIB;
    private static final long LARGEST = MIB * MIB;
    private static final int MOST_KEPT = 100;

    private LogReader() {}

    static LogConfig read(Section section) {
        Optional<Target> access = target(section.get("access"), Optional.empty());
        LogConfig.Format format =
                section.choice("format", List.of(LogConfig.Format.values()), Setting::word, Defaults.ACCESS_LOG_FORMAT);
        Setting bansSetting = section.get("bans");
        Optional<Target> bans = target(bansSetting, Optional.of(Defaults.BAN_LOG));
        if (bansSetting != null && areOneFile(access, bans)) {
            bansSetting.problem(
                    bansSetting.shown() + " is the access log's file, too (expected another: two logs that rotate one"
                            + " file lose lines)");
        } else if (bansSetting != null && (isRotated(access, bans) || isRotated(bans, access))) {
            bansSetting.problem(
                    bansSetting.shown() + " and the access log's file are called as if one were an old one of the other"
                            + " (expected a name that rotation does not overwrite)");
        }
        LogConfig.BansFormat bansFormat = section.choice(
                "bans-format", List.of(LogConfig.BansFormat.values()), Setting::word, Defaults.BAN_LOG_FORMAT);
        return new LogConfig(access, format, bans, bansFormat, section.block("rotate", LogReader::rotation));
    }

    private static Rotation rotation(Section section) {
        long size = section.read("size", LogReader::rotationSize, Defaults.LOG_ROTATE_SIZE);
        return new Rotation(size, section.number("keep", 1, MOST_KEPT, Defaults.LOG_ROTATE_KEEP));
    }

    private static @Nullable Long rotationSize(Setting setting) {
        String range = "0 (off), or 1MiB to 1TiB";
        Long size = setting.size(0, LARGEST, range);
        if (size != null && size > 0 && size < SMALLEST) {
            setting.problem(setting.shown() + " is out of range (expected " + range + ")");
            return null;
        }
        return size;
    }

    /** Whether the second is named as a rotation of the first names old files. */
    private static boolean isRotated(Optional<Target> first, Optional<Target> second) {
        return first.orElse(null) instanceof InFile one
                && second.orElse(null) instanceof InFile other
                && other.path()
                        .toAbsolutePath()
                        .normalize()
                        .toString()
                        .matches(Pattern.quote(one.path().toAbsolutePath().normalize() + ".") + "[0-9]+");
    }

    private static boolean areOneFile(Optional<Target> access, Optional<Target> bans) {
        return access.isPresent()
                && bans.isPresent()
                && access.get() instanceof InFile one
                && bans.get() instanceof InFile other
                && one.path()
                        .toAbsolutePath()
                        .normalize()
                        .equals(other.path().toAbsolutePath().normalize());
    }

    private static Optional<Target> target(@Nullable Setting setting, Optional<Target> otherwise) {
        if (setting == null) {
            return otherwise;
        }
        String text = setting.text("a path, stdout, stderr or off");
        if (text == null || text.equals(OFF)) {
            return Optional.empty();
        }
        for (Stream stream : Stream.values()) {
            if (text.equals(stream.name().toLowerCase(Locale.ROOT))) {
                return Optional.of(stream);
            }
        }
        String meant = Suggestions.nearest(text, WORDS);
        if (isBare(text) && !meant.isEmpty()) {
            setting.problem(setting.shown() + " is not known (did you mean \"" + meant
                    + "\"? A file of that name would be \"./" + text + "\")");
            return Optional.empty();
        }
        Path path = setting.path();
        return path == null ? Optional.empty() : Optional.of(new InFile(path));
    }

    /** A word such as {@code stdot}, of which nobody would find the file. */
    private static boolean isBare(String text) {
        return text.indexOf('/') < 0 && text.indexOf('.') < 0;
    }
}
