package io.portcullis.benchmarks.load;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads what h2load prints after {@code --duration}. It gives no percentiles: the mean, the deviation and the maximum of
 * the time for a request are in the figures, in microseconds.
 */
final class H2loadOutput {

    private static final Pattern FINISHED = line("finished in ([^,]+), \\S+ req/s, \\S+/s");
    private static final Pattern REQUESTS = line("requests: (\\d+) total, \\d+ started, \\d+ done, (\\d+) succeeded, "
            + "(\\d+) failed, (\\d+) errored, (\\d+) timeout");
    private static final Pattern TRAFFIC = line("traffic: .*, \\S+ \\((\\d+)\\) data");
    private static final Pattern TIME = line("time for request:\\s+(\\S+)\\s+(\\S+)\\s+(\\S+)\\s+(\\S+)\\s+\\S+");

    private H2loadOutput() {}

    static LoadResult parse(String generator, List<String> output) throws IOException {
        String text = String.join("\n", output);
        Matcher finished = Amounts.find(FINISHED, text, "h2load");
        Matcher requests = Amounts.find(REQUESTS, text, "h2load");
        Matcher traffic = Amounts.find(TRAFFIC, text, "h2load");
        Matcher time = Amounts.find(TIME, text, "h2load");
        if (requests.group(1).equals("0")) {
            // To h2load that is no error: it does not say whether it was refused, or HTTP/2 was.
            throw new IOException("h2load: no answer (expected: an HTTP/2 server)");
        }
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("max-micros", Amounts.micros(time.group(2)));
        figures.put("mean-micros", Amounts.micros(time.group(3)));
        figures.put("deviation-micros", Amounts.micros(time.group(4)));
        return new LoadResult(
                generator,
                Amounts.micros(finished.group(1)) / 1e6,
                Long.parseLong(requests.group(2)),
                errors(requests),
                Long.parseLong(traffic.group(1)),
                Optional.empty(),
                figures);
    }

    /** To h2load a time-out is also an error, and both are also failures, as an answer with another status is. */
    private static Map<String, Long> errors(Matcher requests) {
        long failed = Long.parseLong(requests.group(3));
        long errored = Long.parseLong(requests.group(4));
        long timedOut = Long.parseLong(requests.group(5));
        Map<String, Long> errors = new LinkedHashMap<>();
        count(errors, "read", errored - timedOut);
        count(errors, "timeout", timedOut);
        count(errors, "status", failed - errored);
        return errors;
    }

    private static void count(Map<String, Long> errors, String kind, long count) {
        if (count > 0) {
            errors.put(kind, count);
        }
    }

    private static Pattern line(String regex) {
        return Pattern.compile("^\\s*" + regex + "\\s*$", Pattern.MULTILINE);
    }
}
