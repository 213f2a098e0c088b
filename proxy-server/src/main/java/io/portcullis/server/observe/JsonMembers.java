package io.portcullis.server.observe;

import org.jspecify.annotations.Nullable;

/** Writes the members of a JSON object, each after a comma: the first stands in the text that begins the line. */
final class JsonMembers {

    private JsonMembers() {}

    static LineBuffer name(String name, LineBuffer out) {
        return out.ascii(",\"").ascii(name).ascii("\":");
    }

    static void text(String name, @Nullable String value, LineBuffer out) {
        name(name, out);
        if (value == null) {
            out.ascii("null");
        } else {
            out.ascii('"').jsonEscaped(value).ascii('"');
        }
    }
}
