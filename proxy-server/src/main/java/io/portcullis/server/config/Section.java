package io.portcullis.server.config;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One block of a file. It remembers which keys it was asked for, so that the unknown ones fall out by themselves; each
 * getter records a problem where the value is not what was expected, and gives the default.
 */
final class Section {

    private final Findings findings;
    private final Place place;
    private final ConfigObject object;
    private final @Nullable ConfigValue written;
    private final Set<String> asked = new LinkedHashSet<>();
    private final Set<String> later = new HashSet<>();

    /** @param written the block before substitution, which knows the lines of what came from the environment */
    Section(Findings findings, Place place, ConfigObject object, @Nullable ConfigValue written) {
        this.findings = findings;
        this.place = place;
        this.object = object;
        this.written = written;
    }

    /** Reads the block, and refuses every key in it that the reader did not ask for. */
    <T> T read(Function<Section, T> reader) {
        T result = reader.apply(this);
        object.forEach((key, value) -> {
            if (!asked.contains(key)) {
                Place at = place.key(key, key).at(value, Place.member(written, key));
                findings.add(
                        at,
                        later.contains(key)
                                ? "not supported by this version"
                                : "unknown key" + Suggestions.of(key, asked));
            }
        });
        return result;
    }

    /** Keys that a later version will know: nobody shall hunt for a slip of the pen. */
    void later(String... keys) {
        later.addAll(List.of(keys));
    }

    Place place() {
        return place;
    }

    void problem(String message) {
        findings.add(place, message);
    }

    /** A problem with a key that is not there. */
    void problem(String key, String message) {
        findings.add(place.key(key, key), message);
    }

    boolean has(String key) {
        return object.containsKey(key);
    }

    @Nullable
    Setting get(String key) {
        return get(key, key);
    }

    /** Like {@link #get(String)}; that there is no such key is a problem. */
    @Nullable
    Setting required(String key, String expected) {
        Setting setting = get(key);
        if (!has(key)) {
            problem(key, "missing (expected " + expected + ")");
        }
        return setting;
    }

    boolean flag(String key, boolean otherwise) {
        return read(key, Setting::flag, otherwise);
    }

    int number(String key, int min, int max, int otherwise) {
        return read(key, setting -> setting.number(min, max), otherwise);
    }

    Duration duration(String key, Duration otherwise) {
        return read(key, Setting::duration, otherwise);
    }

    <T> T choice(String key, List<T> choices, Function<T, String> name, T otherwise) {
        T chosen = read(key, setting -> setting.choice(choices, name), otherwise);
        findings.withDefault(place.key(key, key).pattern(), name.apply(otherwise)); // by its name, as it is documented
        return chosen;
    }

    /** A value, or another where there is none or it is a problem. */
    <T> T read(String key, Function<Setting, @Nullable T> reading, T otherwise) {
        findings.withDefault(place.key(key, key).pattern(), otherwise);
        T value = readIfGiven(key, reading);
        return value == null ? otherwise : value;
    }

    /** A value, or null where there is none or it is a problem. */
    <T> @Nullable T readIfGiven(String key, Function<Setting, @Nullable T> reading) {
        Setting setting = get(key);
        return setting == null ? null : reading.apply(setting);
    }

    /** A block within this one; where there is none, the reader finds an empty one. */
    <T> T block(String key, Function<Section, T> reader) {
        Setting setting = get(key);
        T result = setting == null ? null : setting.block(reader);
        if (result != null) {
            return result;
        }
        ConfigObject none = ConfigFactory.empty().root();
        return new Section(findings, place.key(key, key), none, null).read(reader);
    }

    /** All members of a block whose keys are chosen by the operator, in the order of the file. */
    Map<String, Setting> members() {
        List<Map.Entry<String, Setting>> members = new ArrayList<>();
        for (String key : object.keySet()) {
            Setting member = get(key, "NAME");
            if (member != null) {
                members.add(Map.entry(key, member));
            }
        }
        members.sort(Section::inFile);
        Map<String, Setting> inOrder = new LinkedHashMap<>();
        members.forEach(member -> inOrder.put(member.getKey(), member.getValue()));
        return inOrder;
    }

    /** By hand, since the library's comparators are made at run time, which takes longer than to read all members. */
    private static int inFile(Map.Entry<String, Setting> one, Map.Entry<String, Setting> other) {
        int byLine = Integer.compare(
                one.getValue().place().line(), other.getValue().place().line());
        return byLine != 0 ? byLine : one.getKey().compareTo(other.getKey());
    }

    private @Nullable Setting get(String key, String keyPattern) {
        asked.add(key);
        Place around = place.key(key, keyPattern);
        findings.asked(around.pattern());
        ConfigValue value = object.get(key);
        return value == null ? null : Setting.of(findings, around, value, Place.member(written, key));
    }
}
