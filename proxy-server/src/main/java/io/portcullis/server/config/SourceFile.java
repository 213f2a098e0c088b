package io.portcullis.server.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigSyntax;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One HOCON file, with what it includes and its substitutions resolved. */
final class SourceFile {

    private static final ConfigParseOptions PARSE =
            ConfigParseOptions.defaults().setSyntax(ConfigSyntax.CONF).setAllowMissing(false);

    /** Unresolved values are found one by one when they are read; the library would stop at the first. */
    private static final ConfigResolveOptions RESOLVE =
            ConfigResolveOptions.defaults().setAllowUnresolved(true);

    private SourceFile() {}

    /**
     * Reads a file, and refuses every key that the reader did not ask for.
     *
     * @return what the reader made of it, or null where the file is not there or is not HOCON
     */
    static <T> @Nullable T read(Path path, Findings findings, Function<Section, T> reader) {
        Place place = Place.ofFile(path.toString());
        String unreadable = whyUnreadable(path);
        if (unreadable != null) {
            findings.add(place, "cannot be read: " + unreadable);
            return null;
        }
        Config written;
        Config resolved;
        try {
            written = ConfigFactory.parseFile(withFolder(path), PARSE);
            resolved = written.resolve(RESOLVE);
        } catch (ConfigException e) {
            findings.add(placeOf(e, place), reason(e));
            return null;
        } catch (StackOverflowError e) {
            // The library's parser is recursive; a reload must not take the process down.
            findings.add(place, "is nested too deeply");
            return null;
        }
        Place start = new Place(place.file(), 1, "", "");
        return new Section(findings, start, resolved.root(), written.root()).read(reader);
    }

    /** Why a file cannot be read, or null where it can. */
    static @Nullable String whyUnreadable(Path path) {
        if (Files.isDirectory(path)) {
            return "is a folder";
        }
        try (InputStream in = Files.newInputStream(path)) {
            in.read();
            return null;
        } catch (IOException e) {
            return reason(e);
        }
    }

    /** What an exception of the file system means to the operator. */
    static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "no such file or folder";
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }

    /** The library looks for included files beside the file, but nowhere where the file's name has no folder. */
    private static File withFolder(Path path) {
        return path.getParent() == null ? new File(Place.HERE + path) : path.toFile();
    }

    private static Place placeOf(ConfigException e, Place file) {
        ConfigOrigin origin = e.origin();
        return origin != null && Place.isExact(origin) ? file.at(origin) : file;
    }

    /** The library's message without the place that it begins with, on one line. */
    private static String reason(ConfigException e) {
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        ConfigOrigin origin = e.origin();
        if (e instanceof ConfigException.IO && e.getCause() != null) {
            message = "an included file cannot be read: " + e.getCause().getMessage();
        } else if (origin != null && message.startsWith(origin.description() + ": ")) {
            message = message.substring(origin.description().length() + 2);
        }
        int trace = message.indexOf(" Trace: ["); // of a cycle: the same file, fifty times
        message = trace < 0 ? message : message.substring(0, trace);
        return message.strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
