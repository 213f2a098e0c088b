package io.portcullis.server.config;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a value stands.
 *
 * @param file as the operator knows it
 * @param line 1-based; 0 where it is not known
 * @param path the key's path in the file
 * @param pattern the path with {@code NAME} for a chosen name and {@code []} for an element of a list
 */
record Place(String file, int line, String path, String pattern) {

    /** What {@link SourceFile} puts before a name without a folder; the operator does not know it. */
    static final String HERE = "./";

    static Place ofFile(String file) {
        return new Place(file, 0, "", "");
    }

    static Place ofLine(String file, int line) {
        return new Place(file, line, "", "");
    }

    Place key(String key, String keyPattern) {
        return new Place(
                file,
                line,
                path.isEmpty() ? ConfigUtil.joinPath(key) : path + "." + ConfigUtil.joinPath(key),
                pattern.isEmpty() ? keyPattern : pattern + "." + keyPattern);
    }

    Place element(int index) {
        return new Place(file, line, path + "[" + index + "]", pattern + "[]");
    }

    /**
     * The same path, where the value really stands. A value that has come from the environment has no line; then the
     * place where it is asked for counts, and failing that the block around it.
     *
     * @param written the value before substitution
     */
    Place at(ConfigValue value, @Nullable ConfigValue written) {
        ConfigOrigin origin = value.origin();
        if (!isExact(origin) && written != null) {
            origin = written.origin();
        }
        return isExact(origin) ? at(origin) : this;
    }

    /** @param origin an {@link #isExact(ConfigOrigin) exact} one */
    Place at(ConfigOrigin origin) {
        return new Place(shown(origin.filename()), origin.lineNumber(), path, pattern);
    }

    /** A path given in the file: relative ones are relative to the file. */
    Path resolve(String given) {
        return Path.of(file).resolveSibling(given);
    }

    /** The folder that relative paths are relative to cannot be told from a merge of several files. */
    static boolean isExact(ConfigOrigin origin) {
        return origin.url() != null && origin.filename() != null && origin.lineNumber() > 0;
    }

    private String shown(String originFile) {
        boolean withoutFolder = Path.of(file).getParent() == null;
        return withoutFolder && originFile.startsWith(HERE) ? originFile.substring(HERE.length()) : originFile;
    }

    /** The member of a block, or null where there is none or the block is not to be read before substitution. */
    static @Nullable ConfigValue member(@Nullable ConfigValue block, String key) {
        try {
            return block instanceof ConfigObject object ? object.get(key) : null;
        } catch (ConfigException.NotResolved e) {
            return null;
        }
    }
}
