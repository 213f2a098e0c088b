package io.portcullis.server.admin;

import io.portcullis.server.observe.Event;
import io.portcullis.server.observe.Events;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.stream.Collectors;

/** {@code /v1/events}: what happens, as it happens. */
public final class EventsResource implements Resource {

    static final String PATH = "/v1/events";

    /** Each holds one of the threads that answer; the others stay for who asks once. */
    static final int MOST_STREAMS = 8;

    private static final Map<String, Event.Type> TYPES =
            Arrays.stream(Event.Type.values()).collect(Collectors.toMap(Event.Type::toString, Function.identity()));

    private final Events events;
    private final Semaphore streams = new Semaphore(MOST_STREAMS);

    public EventsResource(Events events) {
        this.events = events;
    }

    @Override
    public String path() {
        return PATH;
    }

    @Override
    public AdminAnswer answer(AdminRequest request) throws Refusal {
        request.expect("GET", PATH, Set.of("types"));
        Set<Event.Type> types = types(request.query("types"));
        if (!streams.tryAcquire()) {
            throw new Refusal(503, MOST_STREAMS + " event streams are open, as many as may be", "one of them less");
        }
        return EventStream.answer(stream -> {
            try (Events.Subscription news = events.subscribe(types)) {
                stream.send("open", json -> {
                    json.writeStartObject();
                    json.writeNumberField("last_id", events.count());
                    json.writeEndObject();
                });
                stream.follow(news);
            } finally {
                streams.release();
            }
        });
    }

    private static Set<Event.Type> types(Optional<String> text) throws Refusal {
        if (text.isEmpty()) {
            return EnumSet.allOf(Event.Type.class);
        }
        Set<Event.Type> types = EnumSet.noneOf(Event.Type.class);
        for (String word : text.get().split(",", -1)) {
            Event.Type type = TYPES.get(word);
            if (type == null) {
                throw Refusal.badRequest(
                        "the type " + word + " is not known",
                        Arrays.stream(Event.Type.values())
                                .map(Event.Type::toString)
                                .collect(Collectors.joining(", ")));
            }
            types.add(type);
        }
        return types;
    }
}
