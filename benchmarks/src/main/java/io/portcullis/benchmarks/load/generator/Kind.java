package io.portcullis.benchmarks.load.generator;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The kinds of load, with the options that each takes and what they are if they are not said. Those have a lead-in that do
 * the same again and again: idle connections are counted, and not timed; a leak is over with the first answers, and any
 * request before it would be one of those that it counts.
 */
public enum Kind {
    /** The next request on a connection as soon as the answer is there. */
    CLOSED("closed loop", "connections 64, seconds 5, " + LeadIn.OPTION + ", timeout 10, path /, hosts 1"),
    /** Requests at a rate, whatever becomes of them: how long one took counts from when it was meant to be sent. */
    OPEN("open loop", "connections 64, seconds 5, " + LeadIn.OPTION + ", timeout 10, path /, hosts 1, rate 1000"),
    /** A new connection for each request; over TLS with a full handshake. */
    CONNECT("a connection each", "connections 16, seconds 5, " + LeadIn.OPTION + ", timeout 10, path /, hosts 1"),
    /** Answers that are large. */
    DOWNLOAD("downloads", "connections 8, seconds 5, " + LeadIn.OPTION + ", timeout 30, path /bytes/1048576"),
    /** Requests that are large. */
    UPLOAD("uploads", "connections 8, seconds 5, " + LeadIn.OPTION + ", timeout 30, path /sink, size 1048576"),
    /** Connections that are kept after one request each until they are let go. */
    IDLE("idle connections", "connections 1000, timeout 30, path /"),
    /** WebSockets, on each of which the next message follows its echo. */
    WEBSOCKET("WebSocket echo", "connections 64, seconds 5, " + LeadIn.OPTION + ", timeout 10, path /echo, size 125"),
    /** Connections as fast as they come, by one that is banned. */
    FLOOD("flood", "connections 64, seconds 5, " + LeadIn.OPTION + ", timeout 0.5, path /"),
    /** One that asks for what is forbidden until it is refused. */
    LEAK("leak", "connections 1, seconds 30, timeout 5, path /forbidden, requests 10000"),
    /** Requests at a rate, each in the name of another client. */
    STORM("storm", "connections 64, seconds 5, " + LeadIn.OPTION + ", timeout 10, path /forbidden, rate 10000");

    private final String title;
    private final String options;

    Kind(String title, String options) {
        this.title = title;
        this.options = options;
    }

    /** As it is called on the command line. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** As it is called in a report. */
    public String title() {
        return title;
    }

    /** The options that it takes. One without a value may be said, and need not. */
    Map<Option, List<String>> defaults() {
        Map<Option, List<String>> defaults = new EnumMap<>(Option.class);
        // Those that each kind takes.
        defaults.put(Option.SOURCE, List.of());
        defaults.put(Option.SOURCES, List.of("1"));
        defaults.put(Option.HEADER, List.of());
        for (String keyAndValue : options.split(", ", -1)) {
            int space = keyAndValue.indexOf(' ');
            Option option = Option.of(keyAndValue.substring(0, space)).orElseThrow();
            defaults.put(option, List.of(option.check(keyAndValue.substring(space + 1))));
        }
        return defaults;
    }

    static Kind of(String key) {
        return Arrays.stream(values())
                .filter(kind -> kind.key().equals(key))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(key + ": no such load (expected: " + keys() + ")"));
    }

    static String keys() {
        return Arrays.stream(values()).map(Kind::key).collect(Collectors.joining(", "));
    }
}
