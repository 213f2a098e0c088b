package io.portcullis.server.config;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A value that can turn out wrong beside another one, and where it is given. */
record Given<T>(Setting setting, T value) {

    /** A reading that remembers where it read. */
    static <T> Function<Setting, @Nullable Given<T>> of(Function<Setting, @Nullable T> reading) {
        return setting -> {
            T value = reading.apply(setting);
            return value == null ? null : new Given<>(setting, value);
        };
    }

    static <T> T orElse(@Nullable Given<T> given, T otherwise) {
        return given == null ? otherwise : given.value;
    }
}
