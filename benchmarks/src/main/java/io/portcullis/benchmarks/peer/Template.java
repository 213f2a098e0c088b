package io.portcullis.benchmarks.peer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A configuration file with gaps. {@code @NAME@} is a value. A line that begins with {@code @word? } stands only where the
 * word holds, one that begins with {@code @!word? } only where it does not.
 */
final class Template {

    private static final Pattern CONDITION = Pattern.compile("(\\s*)@(!?)([a-z0-9-]+)\\? (.*)");
    private static final Pattern VALUE = Pattern.compile("@([A-Z_]+)@");

    private final String text;

    private Template(String text) {
        this.text = text;
    }

    static Template of(String text) {
        return new Template(text);
    }

    /** @param name below benchmarks/peers/, such as {@code nginx/nginx.conf} */
    static Template named(String name) throws IOException {
        try (InputStream in = Template.class.getResourceAsStream("/peers/" + name)) {
            if (in == null) {
                throw new IOException(
                        "peers/" + name + " is missing (expected: a resource beside the harness's classes)");
            }
            return new Template(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    /** A value that is not given is a fault of the template's. */
    String fill(Set<String> words, Map<String, String> values) {
        return text.lines()
                .flatMap(line -> {
                    Matcher condition = CONDITION.matcher(line);
                    if (!condition.matches()) {
                        return Stream.of(line);
                    }
                    boolean wanted = condition.group(2).isEmpty();
                    return words.contains(condition.group(3)) == wanted
                            ? Stream.of(condition.group(1) + condition.group(4))
                            : Stream.empty();
                })
                .map(line -> VALUE.matcher(line).replaceAll(gap -> Matcher.quoteReplacement(value(gap, values))))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static String value(MatchResult gap, Map<String, String> values) {
        String value = values.get(gap.group(1));
        if (value == null) {
            throw new IllegalArgumentException(gap.group() + " (expected: one of " + values.keySet() + ")");
        }
        return value;
    }
}
