package io.portcullis.server.exchange;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.portcullis.core.ban.AnswerWeight;
import io.portcullis.server.observe.OperatorLog;
import io.portcullis.server.observe.RareWarning;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads how many offences an application takes its answer for, and takes that out of what the client gets: who is told
 * what a try costs knows when to stop.
 *
 * <p>Owned by one event loop.
 */
final class VerdictHeader {

    private static final Logger LOG = LoggerFactory.getLogger(VerdictHeader.class);

    private static final String BAN = "ban";
    private static final int MAX_OFFENCES = 10_000;
    private static final int MAX_DIGITS = 5;

    private static final AnswerWeight NOW = new AnswerWeight(AnswerWeight.NOW);

    private final RareWarning warning;

    VerdictHeader(InstantSource clock) {
        this.warning = new RareWarning(clock);
    }

    /**
     * Takes the field out of an answer's head.
     *
     * @param name the field's
     * @param virtualHost whose answer it is, for the warning
     */
    AnswerWeight take(String name, HttpHeaders headers, String virtualHost) {
        if (headers.contains(HttpHeaderNames.TRAILER)) {
            unannounce(name, headers);
        }
        if (!headers.contains(name)) {
            return AnswerWeight.UNSAID;
        }
        List<String> values = headers.getAll(name);
        headers.remove(name);
        AnswerWeight weight = weight(values.get(0));
        for (String value : values) {
            if (!weight.isSaid() || !weight.equals(weight(value))) {
                warn(name, values, virtualHost);
                return AnswerWeight.UNSAID;
            }
        }
        return weight;
    }

    /** An announcement of trailers is of use to hardly anybody (RFC 9110 section 6.6.2); one that names it goes. */
    private static void unannounce(String name, HttpHeaders headers) {
        String announced = String.join(",", headers.getAll(HttpHeaderNames.TRAILER));
        if (announced.toLowerCase(Locale.ROOT).contains(name.toLowerCase(Locale.ROOT))) {
            headers.remove(HttpHeaderNames.TRAILER);
        }
    }

    /**
     * Takes the field out of what says nothing about the answer: interim heads and trailers.
     *
     * @param name null where the host has none
     */
    static void remove(@Nullable String name, HttpHeaders headers) {
        if (name != null && headers.contains(name)) { // the empty trailers that are shared cannot be changed
            headers.remove(name);
        }
    }

    private static AnswerWeight weight(String value) {
        if (value.equalsIgnoreCase(BAN)) {
            return NOW;
        }
        int offences = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < '0' || c > '9' || i == MAX_DIGITS) {
                return AnswerWeight.UNSAID;
            }
            offences = offences * 10 + c - '0';
        }
        return value.isEmpty() || offences > MAX_OFFENCES ? AnswerWeight.UNSAID : new AnswerWeight(offences);
    }

    private void warn(String name, List<String> values, String virtualHost) {
        if (warning.isDue()) {
            LOG.warn(
                    "{}: the application answered {}: {} (expected: 0 to {}, or {}); the jails take it for unsaid",
                    OperatorLog.harmless(virtualHost),
                    name,
                    OperatorLog.harmless(String.join(", ", values)),
                    MAX_OFFENCES,
                    BAN);
        }
    }
}
