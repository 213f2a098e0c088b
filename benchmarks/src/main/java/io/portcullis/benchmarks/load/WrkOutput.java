package io.portcullis.benchmarks.load;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what wrk prints with {@code --latency}. */
final class WrkOutput {

    private static final Pattern TOTAL = line("(\\d+) requests in (\\S+), (\\S+) read");
    private static final Pattern LATENCY = line("Latency\\s+(\\S+)\\s+(\\S+)\\s+(\\S+)\\s+\\S+");
    private static final Pattern SOCKET_ERRORS =
            line("Socket errors: connect (\\d+), read (\\d+), write (\\d+), timeout (\\d+)");
    private static final Pattern STATUS_ERRORS = line("Non-2xx or 3xx responses: (\\d+)");

    private WrkOutput() {}

    static LoadResult parse(String generator, List<String> output) throws IOException {
        String text = String.join("\n", output);
        Matcher total = Amounts.find(TOTAL, text, "wrk");
        Matcher spread = Amounts.find(LATENCY, text, "wrk");
        Map<String, Long> errors = errors(text);
        long answered = Long.parseLong(total.group(1));
        Percentiles latency = new Percentiles(
                percentile(50, text),
                percentile(90, text),
                percentile(99, text),
                OptionalDouble.empty(),
                Amounts.micros(spread.group(3)));
        return new LoadResult(
                generator,
                Amounts.micros(total.group(2)) / 1e6,
                answered - errors.getOrDefault("status", 0L),
                errors,
                Amounts.octets(total.group(3)),
                Optional.of(latency),
                Map.of());
    }

    private static Map<String, Long> errors(String text) {
        Map<String, Long> errors = new LinkedHashMap<>();
        Matcher socket = SOCKET_ERRORS.matcher(text);
        if (socket.find()) {
            List<String> kinds = List.of("connect", "read", "write", "timeout");
            for (int i = 0; i < kinds.size(); i++) {
                count(errors, kinds.get(i), socket.group(i + 1));
            }
        }
        Matcher status = STATUS_ERRORS.matcher(text);
        if (status.find()) {
            count(errors, "status", status.group(1));
        }
        return errors;
    }

    private static void count(Map<String, Long> errors, String kind, String count) {
        if (!count.equals("0")) {
            errors.put(kind, Long.parseLong(count));
        }
    }

    private static double percentile(int percentile, String text) throws IOException {
        return Amounts.micros(
                Amounts.find(line(percentile + "%\\s+(\\S+)"), text, "wrk").group(1));
    }

    private static Pattern line(String regex) {
        return Pattern.compile("^\\s*" + regex + "\\s*$", Pattern.MULTILINE);
    }
}
