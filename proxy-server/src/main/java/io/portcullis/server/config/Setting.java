package io.portcullis.server.config;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One value of a file, and the ways to read it. A reading that finds something else than it expects records a problem
 * and returns null, so that whoever reads goes on to the next value.
 */
final class Setting {

    /** Ten years: longer is a slip, and sums with the time of day stay far from overflow. */
    static final Duration LONGEST = Duration.ofDays(3650);

    private static final int SHOWN_LENGTH = 80;

    private final Findings findings;
    private final Place place;
    private final ConfigValue value;
    private final @Nullable ConfigValue written;

    private Setting(Findings findings, Place place, ConfigValue value, @Nullable ConfigValue written) {
        this.findings = findings;
        this.place = place;
        this.value = value;
        this.written = written;
    }

    /**
     * A value, unless it is null or a substitution in it leads nowhere, which are problems.
     *
     * @param around the path of the value, and where to look for it failing better
     * @param written the value before substitution
     */
    static @Nullable Setting of(Findings findings, Place around, ConfigValue value, @Nullable ConfigValue written) {
        Place place = around.at(value, written);
        try {
            if (value.valueType() == ConfigValueType.NULL) {
                findings.add(place, "null (expected a value, or no such key)");
                return null;
            }
            if (value instanceof ConfigObject object && object.isEmpty()) {
                return new Setting(findings, place, value, written); // isEmpty() is what tells that it is resolved
            }
        } catch (ConfigException.NotResolved e) {
            findings.add(
                    place,
                    cut(render(value)) + " leads nowhere (expected a key of this file or an environment"
                            + " variable; ${?NAME} is left out where there is none)");
            return null;
        }
        return new Setting(findings, place, value, written);
    }

    Place place() {
        return place;
    }

    void problem(String message) {
        findings.add(place, message);
    }

    void warning(String message) {
        findings.warn(place, message);
    }

    /** The value as messages show it. */
    String shown() {
        return switch (value.valueType()) {
            case OBJECT -> "a block";
            case LIST -> "a list";
            default -> cut(render(value));
        };
    }

    boolean isBlock() {
        return value.valueType() == ConfigValueType.OBJECT;
    }

    /** @param expected how the message names what should stand here */
    @Nullable
    String text(String expected) {
        if (isBlock() || value.valueType() == ConfigValueType.LIST) {
            problem(shown() + " where one value should be (expected " + expected + ")");
            return null;
        }
        return value.atKey("v").getString("v");
    }

    boolean isText(String text) {
        return text.equals(value.unwrapped());
    }

    @Nullable
    Boolean flag() {
        return flag(" is neither true nor false");
    }

    /**
     * True or false, where something else could stand as well.
     *
     * @param other how the message names it
     */
    @Nullable
    Boolean flagOr(String other) {
        return flag(" is not allowed (expected true, false or " + other + ")");
    }

    private @Nullable Boolean flag(String message) {
        try {
            return value.atKey("v").getBoolean("v");
        } catch (ConfigException e) {
            problem(shown() + message);
            return null;
        }
    }

    /** A whole number within a range, both ends included. */
    @Nullable
    Integer number(int min, int max) {
        String range = min + " to " + max;
        Double number = wholeNumber(range);
        if (number != null && (number < min || number > max)) {
            problem(shown() + " is out of range (expected " + range + ")");
            return null;
        }
        return number == null ? null : number.intValue();
    }

    /** One of a few numbers. */
    @Nullable
    Integer oneOf(List<Integer> numbers) {
        String expected =
                Suggestions.anyOf(numbers.stream().map(String::valueOf).toList());
        Double number = wholeNumber(expected);
        if (number != null && !numbers.contains(number.intValue())) {
            problem(shown() + " is not allowed (expected " + expected + ")");
            return null;
        }
        return number == null ? null : number.intValue();
    }

    /** A number above 0, whole or not. */
    @Nullable
    Double positive(int max) {
        boolean isNumber = value.valueType() == ConfigValueType.NUMBER;
        double number = isNumber ? Double.parseDouble(value.unwrapped().toString()) : Double.NaN;
        if (!(number > 0 && number <= max)) {
            problem(shown() + " is not allowed (expected a number above 0, at most " + max + ")");
            return null;
        }
        return number;
    }

    private @Nullable Double wholeNumber(String expected) {
        double number = value.valueType() == ConfigValueType.NUMBER || isDigits(value.unwrapped())
                ? Double.parseDouble(value.unwrapped().toString())
                : Double.NaN;
        if (number != Math.rint(number)) {
            problem(shown() + " is not a whole number (expected " + expected + ")");
            return null;
        }
        return number;
    }

    /** A duration from 1 ms to {@link #LONGEST}. */
    @Nullable
    Duration duration() {
        return duration(Duration.ofMillis(1), LONGEST);
    }

    /** A duration from 0 to {@link #LONGEST}. */
    @Nullable
    Duration durationOrNone() {
        return duration(Duration.ZERO, LONGEST);
    }

    /** A duration within a range of which the lower end is in milliseconds and the upper in hours, both included. */
    @Nullable
    Duration duration(Duration min, Duration max) {
        Duration duration;
        try {
            duration = value.atKey("v").getDuration("v");
        } catch (ConfigException | ArithmeticException e) {
            problem(shown() + " is not a duration (expected one such as 500ms, 10s, 1m, 1h or 1d)");
            return null;
        }
        if (duration.compareTo(min) < 0 || duration.compareTo(max) > 0) {
            String longest = max.toHours() % 24 == 0 ? max.toDays() + "d" : max.toHours() + "h";
            problem(shown() + " is out of range (expected " + min.toMillis() + "ms to " + longest + ")");
            return null;
        }
        return duration;
    }

    /**
     * A duration from 0 to {@link #LONGEST} in whole seconds. It needs a unit: elsewhere such durations are numbers of
     * seconds ({@code max-age=31536000}), and here a number alone would be milliseconds.
     */
    @Nullable
    Duration wholeSeconds() {
        Object number = value.unwrapped();
        if ((number instanceof Number || isDigits(number)) && !number.toString().equals("0")) {
            problem(shown() + " has no unit (expected one such as 300s or 365d)");
            return null;
        }
        Duration duration = durationOrNone();
        if (duration != null && duration.toNanosPart() != 0) {
            problem(shown() + " is not in whole seconds (expected a duration such as 300s or 365d)");
            return null;
        }
        return duration;
    }

    /**
     * A size in bytes within a range, both ends included.
     *
     * @param range how the message names it
     */
    @Nullable
    Long size(long min, long max, String range) {
        long size;
        try {
            size = value.atKey("v").getMemorySize("v").toBytes();
        } catch (ConfigException | IllegalArgumentException | ArithmeticException e) {
            problem(shown() + " is not a size (expected " + range + ", such as 16KiB or 1MiB)");
            return null;
        }
        if (size < min || size > max) {
            problem(shown() + " is out of range (expected " + range + ")");
            return null;
        }
        return size;
    }

    /** One of a few words; letters compare without case, unless that is what two of them differ by. */
    <T> @Nullable T choice(List<T> choices, Function<T, String> name) {
        List<String> names = choices.stream().map(name).toList();
        String text = text(Suggestions.anyOf(names));
        if (text == null) {
            return null;
        }
        int exact = names.indexOf(text);
        if (exact >= 0) {
            return choices.get(exact);
        }
        for (T choice : choices) {
            if (name.apply(choice).equalsIgnoreCase(text)) {
                return choice;
            }
        }
        problem(shown() + " is not known" + Suggestions.of(text, names));
        return null;
    }

    /** The word for a constant: {@code ROUND_ROBIN} is {@code round-robin}. */
    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** A file or folder, relative to the file in which it is named. */
    @Nullable
    Path path() {
        String text = text("a path");
        if (text == null) {
            return null;
        }
        try {
            if (!text.isBlank()) {
                return place.resolve(text);
            }
        } catch (InvalidPathException e) {
            // Told below, like the empty one.
        }
        problem(shown() + " is not a path");
        return null;
    }

    /**
     * The elements of a list.
     *
     * @param expected how the message names what should stand here
     */
    @Nullable
    List<Setting> list(String expected) {
        if (!(value instanceof ConfigList list)) {
            problem(shown() + " is not a list (expected " + expected + ")");
            return null;
        }
        List<Setting> elements = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            Setting element = of(findings, place.element(i), list.get(i), null);
            if (element != null) {
                elements.add(element);
            }
        }
        return elements;
    }

    /**
     * The texts of a list.
     *
     * @param expected how the message names the list
     * @param element how it names one of them
     */
    @Nullable
    List<String> texts(String expected, String element) {
        List<Setting> elements = list(expected);
        if (elements == null) {
            return null;
        }
        List<String> texts = new ArrayList<>();
        for (Setting each : elements) {
            String text = each.text(element);
            if (text != null) {
                texts.add(text);
            }
        }
        return texts;
    }

    /** The elements of a list; of what is no list, the value itself. */
    List<Setting> elements() {
        List<Setting> elements = value.valueType() == ConfigValueType.LIST ? list("a list") : null;
        return elements == null ? List.of(this) : elements;
    }

    /**
     * Reads a block, and refuses every key in it that the reader did not ask for.
     *
     * @return what the reader made of it, or null where there is no block
     */
    <T> @Nullable T block(Function<Section, T> reader) {
        if (!(value instanceof ConfigObject object)) {
            problem(shown() + " is not a block (expected { … })");
            return null;
        }
        return new Section(findings, place, object, written).read(reader);
    }

    /** HOCON takes "5" for 5; the library also takes "5d" and "0x5p0", as Java does. */
    private static boolean isDigits(Object unwrapped) {
        return unwrapped instanceof String text && text.matches("-?[0-9]+");
    }

    private static String render(ConfigValue value) {
        return value.render(ConfigRenderOptions.concise());
    }

    static String cut(String text) {
        return text.length() <= SHOWN_LENGTH ? text : text.substring(0, SHOWN_LENGTH - 1) + "…";
    }
}
