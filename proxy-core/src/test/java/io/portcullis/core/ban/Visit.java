package io.portcullis.core.ban;

import io.portcullis.core.http.PathNormalizer;
import io.portcullis.core.http.RequestHead;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A request head with fields, its path read as the proxy reads it. */
record Visit(String method, String target, Map<String, String> fields) implements RequestHead {

    static Visit get(String target) {
        return new Visit("GET", target, Map.of());
    }

    Visit by(String newMethod) {
        return new Visit(newMethod, target, fields);
    }

    /** @param newFields name and value */
    Visit with(String... newFields) {
        return new Visit(
                method, target, newFields.length == 2 ? Map.of(newFields[0], newFields[1]) : fieldsOf(newFields));
    }

    private static Map<String, String> fieldsOf(String... fields) {
        return Map.of(fields[0], fields[1], fields[2], fields[3]);
    }

    /** As sent where it has no valid path. */
    @Override
    public String path() {
        return Objects.requireNonNullElseGet(PathNormalizer.normalize(target), () -> target.split("\\?", 2)[0]);
    }

    @Override
    public @Nullable String header(String name) {
        return fields.get(name.toLowerCase(Locale.ROOT));
    }
}
