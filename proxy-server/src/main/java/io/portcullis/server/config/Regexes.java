package io.portcullis.server.config;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.portcullis.core.config.PathPattern;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/**
 * Compiles {@code regex:} patterns with RE2/J, which takes time linear in the path whatever the pattern is: the path is
 * a stranger's, and Java's own engine can be made to search for hours.
 *
 * <p>The time is also linear in the size of the compiled pattern, so that is bounded. RE2/J writes {@code a{1000}} out a
 * thousand times, and a nested one a million times, which would take the heap before it could be measured; so the size
 * is estimated first.
 */
final class Regexes {

    static final String PREFIX = "regex:";

    /** Instructions. A word is one for each letter. */
    private static final int LARGEST = 200;

    /** Characters of a path; longer ones are no application's, and would take milliseconds. */
    private static final int LONGEST_PATH = 2_048;

    private static final int LONGEST = 1_000;
    private static final java.util.regex.Pattern REPEAT = java.util.regex.Pattern.compile("\\{([0-9]{1,9})(,[0-9]*)?}");

    private Regexes() {}

    /** What is wrong is a problem of the setting, and then the answer is null. */
    static PathPattern.@Nullable Regex compile(Setting setting, String source) {
        String regex = source.substring(PREFIX.length());
        if (regex.isEmpty()) {
            setting.problem(setting.shown() + " matches every path (expected a pattern after " + PREFIX + ")");
            return null;
        }
        if (regex.length() > LONGEST || estimate(regex) > LARGEST * 2L) {
            return tooLarge(setting);
        }
        try {
            Pattern pattern = Pattern.compile(regex);
            return pattern.programSize() > LARGEST
                    ? tooLarge(setting)
                    : new PathPattern.Regex(
                            source, path -> pattern.matcher(cut(path)).find());
        } catch (PatternSyntaxException e) {
            setting.problem(setting.shown() + " is no regular expression: " + e.getDescription() + ": "
                    + Setting.cut(e.getPattern()) + " (expected RE2's syntax)");
            return null;
        }
    }

    private static String cut(String path) {
        return path.length() <= LONGEST_PATH ? path : path.substring(0, LONGEST_PATH);
    }

    private static PathPattern.@Nullable Regex tooLarge(Setting setting) {
        setting.problem(setting.shown() + " is too large (expected at most " + LARGEST
                + " characters, repetitions written out)");
        return null;
    }

    /** About the number of instructions; more where in doubt. Where the syntax is wrong it may be anything. */
    private static long estimate(String regex) {
        Matcher repeat = REPEAT.matcher(regex);
        Deque<Long> outer = new ArrayDeque<>();
        long before = 0; // of the group at hand, without the last atom
        long last = 0;
        for (int i = 0; i < regex.length() && before + last <= LARGEST * 2L; i++) {
            char c = regex.charAt(i);
            if (c == '{' && repeat.region(i, regex.length()).lookingAt()) {
                last *= Math.max(1, times(repeat));
                i = repeat.end() - 1;
            } else if (c == '(') {
                outer.push(before + last);
                before = 0;
                last = 0;
            } else if (c == ')' && !outer.isEmpty()) {
                last += before + 2;
                before = outer.pop();
            } else {
                before += last;
                last = 1;
                i = endOfAtom(regex, i);
            }
        }
        long open = before + last;
        for (long size : outer) {
            open += size;
        }
        return open;
    }

    private static long times(Matcher repeat) {
        String most = repeat.group(2);
        boolean open = most == null || most.length() == 1 || most.length() > 10;
        return Long.parseLong(open ? repeat.group(1) : most.substring(1));
    }

    /** The index of the last character of an escape or a class, or else the same. */
    private static int endOfAtom(String regex, int start) {
        if (regex.charAt(start) == '\\') {
            return start + 1;
        }
        if (regex.charAt(start) != '[') {
            return start;
        }
        int at = start + 2; // ']' as the first of a class is itself
        while (at < regex.length() && regex.charAt(at) != ']') {
            at += regex.charAt(at) == '\\' ? 2 : 1;
        }
        return at;
    }
}
