package io.portcullis.server.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code server-names}, and sees to it that no two virtual hosts claim the same name on the same listener. */
final class ServerNames {

    private static final String EXPECTED = "a list such as [\"shop.example.com\", \"*.shop.example.com\"]";
    private static final int LONGEST = 253;
    private static final String LABEL = "[a-z0-9_-]+";
    private static final Pattern NAME =
            Pattern.compile("(\\*\\.)?" + LABEL + "(\\." + LABEL + ")*|" + LABEL + "(\\." + LABEL + ")*\\.\\*");

    /**
     * By listener, then by name. A record of both as the key would have the JVM make its hash code at run time, a
     * twentieth of a proxy's start.
     */
    private final Map<String, Map<String, Place>> claims = new HashMap<>();

    /**
     * The names in lower case, without those that have problems.
     *
     * @param listeners where the virtual host is reachable
     */
    List<String> read(Section section, List<String> listeners) {
        Setting setting = section.required("server-names", EXPECTED);
        List<Setting> elements = setting == null ? null : setting.list(EXPECTED);
        List<String> names = new ArrayList<>();
        if (setting == null || elements == null) {
            return names;
        }
        if (elements.isEmpty()) {
            setting.problem("no name (expected " + EXPECTED + ")");
        }
        for (Setting element : elements) {
            String name = name(element);
            if (name == null) {
                continue;
            }
            if (names.contains(name)) {
                element.problem(element.shown() + " is given twice");
            } else {
                names.add(name);
                claim(element, name, listeners);
            }
        }
        return names;
    }

    private void claim(Setting element, String name, List<String> listeners) {
        boolean told = false;
        for (String listener : listeners) {
            Place other =
                    claims.computeIfAbsent(listener, first -> new HashMap<>()).putIfAbsent(name, element.place());
            if (other != null && !told) {
                told = true;
                element.problem(element.shown() + " is claimed by " + other.file() + ":" + other.line()
                        + " on the same listener, " + listener);
            }
        }
    }

    private static @Nullable String name(Setting element) {
        String expected = "a name such as shop.example.com, *.example.com or shop.*";
        String text = element.text(expected);
        if (text == null) {
            return null;
        }
        String name = text.toLowerCase(Locale.ROOT);
        if (name.length() > LONGEST || !NAME.matcher(name).matches()) {
            element.problem(element.shown() + " is no server name (expected " + expected
                    + "; letters, digits, '-', '_' and '.', international names in their xn-- form, no port)");
            return null;
        }
        return name;
    }
}
