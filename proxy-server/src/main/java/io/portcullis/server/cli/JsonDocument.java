package io.portcullis.server.cli;

import com.fasterxml.jackson.core.JsonParser;
import io.portcullis.server.admin.AdminJson;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An object that a process answered, read by the names of its members. What is not there reads as nothing: during an
 * upgrade the process may be of another version than the command.
 */
final class JsonDocument {

    private final Map<?, ?> members;

    private JsonDocument(@Nullable Object value) {
        this.members = value instanceof Map<?, ?> map ? map : Map.of();
    }

    /** Reads the object on whose first token the parser stands. */
    static JsonDocument read(JsonParser json) throws IOException {
        return new JsonDocument(AdminJson.tree(json));
    }

    /** Empty where there is none, or null. */
    String text(String name) {
        Object value = members.get(name);
        return value == null ? "" : String.valueOf(value);
    }

    long number(String name) {
        return members.get(name) instanceof Number number ? number.longValue() : 0;
    }

    boolean is(String name) {
        return Boolean.TRUE.equals(members.get(name));
    }

    JsonDocument object(String name) {
        return new JsonDocument(members.get(name));
    }

    /** The objects of a list. */
    List<JsonDocument> objects(String name) {
        return list(name).stream().map(JsonDocument::new).toList();
    }

    /** The texts of a list. */
    List<String> texts(String name) {
        return list(name).stream().map(String::valueOf).toList();
    }

    private List<?> list(String name) {
        return members.get(name) instanceof List<?> list ? list : List.of();
    }
}
