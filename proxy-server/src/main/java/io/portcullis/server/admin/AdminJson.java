package io.portcullis.server.admin;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Writer;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How JSON is written and read here: ASCII alone, so that nothing that a stranger sent can act on a terminal; bounded;
 * token by token, so that a million bans take no more memory than one.
 */
public final class AdminJson {

    static final String CONTENT_TYPE = "application/json";

    /** Deeper than any document of the API. */
    private static final int DEPTH = 16;

    private static final int LONGEST_STRING = 64 * 1024;

    private static final JsonFactory JSON = new JsonFactoryBuilder()
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .characterEscapes(new Escapes())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEPTH)
                    .maxStringLength(LONGEST_STRING)
                    .maxNameLength(LONGEST_STRING)
                    .build())
            .build();

    private static final DateTimeFormatter TIME =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);

    private AdminJson() {}

    /** Writes to the stream, and leaves flushing and closing it to whoever opened it. */
    public static JsonGenerator writer(OutputStream out) throws IOException {
        return JSON.createGenerator(out)
                .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
                .disable(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM);
    }

    public static JsonGenerator writer(Writer out) throws IOException {
        return JSON.createGenerator(out).disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
    }

    public static JsonParser parser(InputStream in) throws IOException {
        return JSON.createParser(in);
    }

    /** RFC 3339 in UTC with milliseconds, as in the logs. */
    static String time(long millis) {
        return TIME.format(Instant.ofEpochMilli(millis));
    }

    static long millis(String time) throws IOException {
        try {
            return Instant.parse(time).toEpochMilli();
        } catch (DateTimeParseException e) {
            throw new IOException("time: " + time + " (expected: RFC 3339)", e);
        }
    }

    /** The text where the parser stands; null for JSON's null. */
    static @Nullable String text(JsonParser json) throws IOException {
        return json.currentToken() == JsonToken.VALUE_NULL ? null : json.getText();
    }

    /** A member whose value is a list of texts. */
    public static void writeTexts(String name, Iterable<String> texts, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart(name);
        for (String text : texts) {
            json.writeString(text);
        }
        json.writeEndArray();
    }

    /** What takes one member of an object; the parser stands on its value. */
    public interface Member {
        void read(String name, JsonParser json) throws IOException;
    }

    /** Reads the object on whose first token the parser stands; a member that the reader leaves is passed over. */
    public static void object(JsonParser json, Member reader) throws IOException {
        expect(JsonToken.START_OBJECT, json);
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            json.nextToken();
            reader.read(name, json);
            json.skipChildren(); // does nothing where the reader stands on its end already
        }
    }

    /** What takes one element of a list; the parser stands on its first token. */
    interface Element {
        void read(JsonParser json) throws IOException;
    }

    /** Reads the list on whose first token the parser stands. */
    static void list(JsonParser json, Element reader) throws IOException {
        expect(JsonToken.START_ARRAY, json);
        while (json.nextToken() != JsonToken.END_ARRAY) {
            reader.read(json);
        }
    }

    /**
     * The value on whose first token the parser stands: a {@code Map} of what its members are, a {@code List}, a text, a
     * number, true, false or null.
     */
    public static @Nullable Object tree(JsonParser json) throws IOException {
        switch (json.currentToken()) {
            case START_OBJECT -> {
                Map<String, @Nullable Object> members = new LinkedHashMap<>();
                object(json, (name, value) -> members.put(name, tree(value)));
                return members;
            }
            case START_ARRAY -> {
                List<@Nullable Object> elements = new ArrayList<>();
                list(json, element -> elements.add(tree(element)));
                return elements;
            }
            case VALUE_STRING -> {
                return json.getText();
            }
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
                return json.getNumberValue();
            }
            case VALUE_TRUE, VALUE_FALSE -> {
                return json.getBooleanValue();
            }
            case VALUE_NULL -> {
                return null;
            }
            default -> throw new IOException("JSON: " + json.currentToken() + " (expected: a value)");
        }
    }

    private static void expect(JsonToken token, JsonParser json) throws IOException {
        if (json.currentToken() != token) {
            throw new IOException("JSON: " + json.currentToken() + " (expected: " + token + ")");
        }
    }

    /**
     * An object whose members are texts, or true or false; one that is null counts as not there.
     *
     * @throws IOException if it is no such object, or something follows it; the message is fit for whoever sent it
     */
    static Map<String, Object> flat(String body) throws IOException {
        Map<String, Object> members = new LinkedHashMap<>();
        try (JsonParser json = JSON.createParser(body)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("the body is no object");
            }
            while (json.nextToken() != JsonToken.END_OBJECT) {
                String name = json.currentName();
                switch (json.nextToken()) {
                    case VALUE_STRING -> members.put(name, json.getText());
                    case VALUE_TRUE, VALUE_FALSE -> members.put(name, json.getBooleanValue());
                    case VALUE_NULL -> {}
                    default -> throw new IOException(name + " is neither a text nor true nor false");
                }
            }
            if (json.nextToken() != null) {
                throw new IOException("something follows the object");
            }
        }
        return members;
    }

    /** DEL, which ASCII has and terminals obey, besides what JSON itself asks for. */
    private static final class Escapes extends CharacterEscapes {
        private static final long serialVersionUID = 1;

        @Override
        public int[] getEscapeCodesForAscii() {
            int[] codes = standardAsciiEscapesForJSON();
            codes[0x7F] = ESCAPE_STANDARD;
            return codes;
        }

        @Override
        public @Nullable SerializableString getEscapeSequence(int c) {
            return null;
        }
    }
}
