package io.portcullis.server.e2e.kit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads requests out of octets by RFC 9112, or with the habits of servers that are less strict. Where two of them read
 * different requests out of the same octets, one request can be hidden in another.
 *
 * <p>Shares nothing with the proxy's parser, nor with the application's.
 */
public final class RequestReader {

    /** What servers do that the RFC does not ask for. */
    public enum Habit {
        /** A line feed alone ends a line (RFC 9112 section 2.2 allows it). */
        BARE_LF,
        /** Blanks before a field's colon do not count. */
        BLANK_BEFORE_COLON,
        /** An underscore in a field's name is a hyphen, as in CGI. */
        UNDERSCORE,
        /** Content-Length has precedence over Transfer-Encoding. */
        LENGTH_FIRST,
        /** Of two fields that frame, the last counts. */
        LAST_FIELD,
        /** A length is as many digits as come first. */
        LEADING_DIGITS,
        /** Any coding that has "chunked" in it is chunked. */
        CHUNKED_SOMEWHERE
    }

    /**
     * One whole request.
     *
     * @param target in origin-form
     */
    public record Request(String method, String target, String body, List<RawField> fields) {

        /** The values of all fields of that name, joined. */
        public String value(String name) {
            StringBuilder joined = new StringBuilder();
            for (RawField field : fields) {
                if (field.name().equalsIgnoreCase(name)) {
                    joined.append(joined.isEmpty() ? "" : ", ").append(field.value());
                }
            }
            return joined.toString();
        }

        /** What an application acts on. */
        @Override
        public String toString() {
            return body.isEmpty() ? method + " " + target : method + " " + target + " " + body;
        }
    }

    /**
     * All that was read.
     *
     * @param rest what follows the last whole request
     * @param fault what is wrong with the rest, empty where it is only incomplete
     */
    public record Reading(List<Request> requests, String rest, String fault) {}

    private static final Pattern REQUEST_LINE =
            Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+) ([!-~]+) HTTP/1\\.([01])");
    private static final Pattern FIELD =
            Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+)([ \\t]*):[ \\t]*([\\t -~\\x80-\\xff]*?)[ \\t]*");
    private static final Pattern CHUNK_SIZE = Pattern.compile("([0-9A-Fa-f]{1,15})(?:[ \\t]*;[\\t -~\\x80-\\xff]*)?");
    private static final Pattern ABSOLUTE = Pattern.compile("(?i)https?://[^/?]*(.*)");

    private final String octets;
    private final Set<Habit> habits;
    private int at;

    private RequestReader(String octets, Set<Habit> habits) {
        this.octets = octets;
        this.habits = habits;
    }

    public static Reading read(String octets, Habit... habits) {
        Set<Habit> set = EnumSet.noneOf(Habit.class);
        set.addAll(Arrays.asList(habits));
        return new RequestReader(octets, set).readAll();
    }

    private Reading readAll() {
        List<Request> requests = new ArrayList<>();
        int end = 0;
        try {
            while (at < octets.length()) {
                requests.add(request());
                end = at;
            }
            return new Reading(requests, "", "");
        } catch (Incomplete incomplete) {
            return new Reading(requests, octets.substring(end), "");
        } catch (Malformed malformed) {
            return new Reading(requests, octets.substring(end), malformed.what);
        }
    }

    private Request request() throws Incomplete, Malformed {
        String line = line();
        while (line.isEmpty()) { // section 2.2
            line = line();
        }
        Matcher parts = REQUEST_LINE.matcher(line);
        if (!parts.matches()) {
            throw new Malformed("request line: " + line);
        }
        List<RawField> fields = fields();
        String body = body(fields, parts.group(3).equals("1"));
        return new Request(parts.group(1), originForm(parts.group(1), parts.group(2)), body, fields);
    }

    private static String originForm(String method, String target) {
        Matcher absolute = ABSOLUTE.matcher(target);
        if (!absolute.matches()) {
            return target;
        }
        String rest = absolute.group(1);
        if (rest.isEmpty() && method.equals("OPTIONS")) {
            return "*"; // section 3.2.4
        }
        return rest.startsWith("/") ? rest : "/" + rest;
    }

    private List<RawField> fields() throws Incomplete, Malformed {
        List<RawField> fields = new ArrayList<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            Matcher parts = FIELD.matcher(line);
            boolean matches = parts.matches();
            if (!matches || !(parts.group(2).isEmpty() || habits.contains(Habit.BLANK_BEFORE_COLON))) {
                throw new Malformed("field: " + line);
            }
            fields.add(new RawField(parts.group(1), parts.group(3)));
        }
        return fields;
    }

    private String body(List<RawField> fields, boolean http11) throws Incomplete, Malformed {
        List<String> lengths = values(fields, "content-length");
        List<String> codings = values(fields, "transfer-encoding");
        if (codings.isEmpty() || (habits.contains(Habit.LENGTH_FIRST) && !lengths.isEmpty())) {
            return lengths.isEmpty() ? "" : take(length(lengths));
        }
        if (!lengths.isEmpty() || !http11) {
            throw new Malformed("ambiguous length");
        }
        if (!isChunked(codings)) {
            throw new Malformed("transfer coding: " + codings);
        }
        return chunks();
    }

    private long length(List<String> values) throws Malformed {
        String value = values.get(habits.contains(Habit.LAST_FIELD) ? values.size() - 1 : 0);
        boolean one = values.size() == 1 || habits.contains(Habit.LAST_FIELD);
        Matcher digits = Pattern.compile("(\\d{1,18})(.*)").matcher(value);
        if (!one || !digits.matches() || !(digits.group(2).isEmpty() || habits.contains(Habit.LEADING_DIGITS))) {
            throw new Malformed("length: " + values);
        }
        return Long.parseLong(digits.group(1));
    }

    private boolean isChunked(List<String> codings) {
        if (habits.contains(Habit.CHUNKED_SOMEWHERE)) {
            return codings.toString().toLowerCase(Locale.ROOT).contains("chunked");
        }
        String last = codings.get(codings.size() - 1);
        return last.equalsIgnoreCase("chunked") && (codings.size() == 1 || habits.contains(Habit.LAST_FIELD));
    }

    private List<String> values(List<RawField> fields, String name) {
        List<String> values = new ArrayList<>();
        for (RawField field : fields) {
            String known = habits.contains(Habit.UNDERSCORE) ? field.name().replace('_', '-') : field.name();
            if (known.equalsIgnoreCase(name)) {
                values.add(field.value());
            }
        }
        return values;
    }

    private String chunks() throws Incomplete, Malformed {
        StringBuilder body = new StringBuilder();
        while (true) {
            String line = line();
            Matcher size = CHUNK_SIZE.matcher(line);
            if (!size.matches()) {
                throw new Malformed("chunk size: " + line);
            }
            long count = Long.parseLong(size.group(1), 16);
            if (count == 0) {
                fields();
                return body.toString();
            }
            body.append(take(count));
            if (!line().isEmpty()) {
                throw new Malformed("chunk longer than its size");
            }
        }
    }

    private String take(long count) throws Incomplete {
        if (count > octets.length() - at) {
            throw new Incomplete();
        }
        at += (int) count;
        return octets.substring(at - (int) count, at);
    }

    private String line() throws Incomplete, Malformed {
        int feed = octets.indexOf('\n', at);
        if (feed < 0) {
            throw new Incomplete();
        }
        boolean hasReturn = feed > at && octets.charAt(feed - 1) == '\r';
        if (!hasReturn && !habits.contains(Habit.BARE_LF)) {
            throw new Malformed("bare line feed");
        }
        String line = octets.substring(at, hasReturn ? feed - 1 : feed);
        at = feed + 1;
        if (line.indexOf('\r') >= 0) {
            throw new Malformed("bare carriage return");
        }
        return line;
    }

    private static final class Incomplete extends Exception {
        private static final long serialVersionUID = 1;
    }

    private static final class Malformed extends Exception {
        private static final long serialVersionUID = 1;

        private final String what;

        Malformed(String what) {
            super(what);
            this.what = what;
        }
    }
}
