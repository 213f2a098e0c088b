package io.portcullis.server.admin;

import io.portcullis.core.ban.Ban;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code /v1/take-over}: another process asks to take over from this one, and is told of bans for as long as it holds
 * the stream. docs/upgrade.md has the whole conversation.
 */
public final class TakeOverResource implements Resource {

    public static final String PATH = "/v1/take-over";

    /** Who asks, by its process id. */
    public static final String SUCCESSOR = "pid";

    /** The events of the stream. */
    public static final String RELEASED = "released";

    public static final String BANNED = "banned";
    public static final String UNBANNED = "unbanned";

    /** The end of the list that comes first. */
    public static final String LISTED = "listed";

    /** In {@link #LISTED}: whether that was every ban in force. */
    public static final String ALL = "all";

    public static final String RETIRED = "retired";
    public static final String ALIVE = "alive";

    private final Handover handover;

    public TakeOverResource(Handover handover) {
        this.handover = handover;
    }

    @Override
    public String path() {
        return PATH;
    }

    @Override
    public AdminAnswer answer(AdminRequest request) throws Refusal {
        long successor = successor(request, PATH);
        Handover.Lease lease = handover.begin(successor);
        return EventStream.answer(stream -> {
            try (lease) {
                stream.send(RELEASED, json -> {
                    json.writeStartObject();
                    json.writeNumberField("pid", ProcessHandle.current().pid());
                    json.writeEndObject();
                });
                lease.list(news -> list(news, stream));
                tell(lease, stream);
            }
        });
    }

    /** There may be millions, and what ends the list is sent at once. */
    private static void list(Handover.News news, EventStream stream) throws IOException {
        if (news instanceof Handover.Banned banned) {
            stream.put(BANNED, ban(banned.ban()));
        } else {
            tell(news, stream);
        }
    }

    private static void tell(Handover.Lease lease, EventStream stream) throws IOException {
        try {
            Handover.News news = lease.next();
            while (news != null) {
                tell(news, stream);
                news = lease.next();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the process ends");
        }
    }

    private static void tell(Handover.News news, EventStream stream) throws IOException {
        if (news instanceof Handover.Banned banned) {
            stream.send(BANNED, ban(banned.ban()));
        } else if (news instanceof Handover.Listed listed) {
            stream.send(LISTED, json -> {
                json.writeStartObject();
                json.writeBooleanField(ALL, listed.isAll());
                json.writeEndObject();
            });
        } else if (news instanceof Handover.Unbanned unbanned) {
            stream.send(UNBANNED, ban(unbanned.ban()));
        } else {
            stream.send(news instanceof Handover.Retired ? RETIRED : ALIVE, json -> {
                json.writeStartObject();
                json.writeEndObject();
            });
        }
    }

    private static AdminAnswer.Json ban(Ban ban) {
        return json -> BanJson.write(ban, json);
    }

    /** Who asks for it, by a POST. */
    static long successor(AdminRequest request, String path) throws Refusal {
        request.expect("POST", path, Set.of(SUCCESSOR));
        Long pid = number(request.query(SUCCESSOR).orElse(""));
        if (pid == null || pid <= 0) {
            throw Refusal.badRequest("the query has no " + SUCCESSOR, "the process id of who asks");
        }
        return pid;
    }

    private static @Nullable Long number(String text) {
        try {
            return Long.valueOf(text);
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
