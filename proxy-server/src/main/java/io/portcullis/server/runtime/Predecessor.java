package io.portcullis.server.runtime;

import com.fasterxml.jackson.core.JsonParser;
import io.portcullis.core.config.AdminConfig;
import io.portcullis.server.admin.AdminCalls;
import io.portcullis.server.admin.AdminJson;
import io.portcullis.server.admin.AdminToken;
import io.portcullis.server.admin.BanJson;
import io.portcullis.server.admin.DrainResource;
import io.portcullis.server.admin.Handover;
import io.portcullis.server.admin.TakeOverResource;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process that this one takes over from, spoken to by its admin API; docs/upgrade.md has the conversation.
 *
 * <p>As long as the stream is open, it knows that this process lives. {@link #depart} and {@link #follow} may be called by
 * different threads.
 */
final class Predecessor implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Predecessor.class);

    /** It sends a sign of life every half second. The first answer may take longer: it writes and closes its store. */
    private static final Duration SILENCE = Duration.ofSeconds(15);

    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;

    private final AdminCalls calls;
    private final AdminCalls.Answer answer;
    private final BufferedReader stream;
    private final CompletableFuture<Boolean> listed = new CompletableFuture<>();
    private volatile boolean isAccepting = true;
    private volatile boolean hasDeparted;
    /** Events; of the thread that follows. */
    private long unusable;

    private Predecessor(AdminCalls calls, AdminCalls.Answer answer) throws IOException {
        this.calls = calls;
        this.answer = answer;
        this.stream = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.US_ASCII));
    }

    /**
     * Asks the process that runs with this configuration to hand its work over, and waits until it has let go of what
     * only one can have.
     *
     * @return empty where nobody answers at the address of the admin API, or the one there has just ended
     * @throws IOException if there is one that does not; the message says why
     */
    static Optional<Predecessor> find(AdminConfig config) throws IOException {
        AdminConfig.Bind bind = config.bind()
                .filter(known -> known.port() != 0)
                .orElseThrow(() -> new IOException(
                        "--take-over: a running process is spoken to by its admin API (expected: an admin.bind with a"
                                + " port, which the running process has as well)"))
                .fromHere();
        if (!Files.exists(config.tokenFile())) {
            return Optional.empty(); // whoever runs with this configuration has made one
        }
        try {
            AdminCalls calls = new AdminCalls(bind, AdminToken.read(config.tokenFile()), SILENCE);
            Predecessor found = new Predecessor(calls, post(calls, TakeOverResource.PATH));
            if (found.awaitReleased()) {
                return Optional.of(found);
            }
            found.close();
            return Optional.empty();
        } catch (ConnectException nobody) {
            return Optional.empty();
        }
    }

    private boolean awaitReleased() throws IOException {
        Event first = next();
        return first != null && first.type.equals(TakeOverResource.RELEASED);
    }

    /** Sends an order; it has been obeyed when this returns. */
    private static AdminCalls.Answer post(AdminCalls calls, String path) throws IOException {
        long pid = ProcessHandle.current().pid();
        AdminCalls.Answer answer = calls.send("POST", path + "?" + TakeOverResource.SUCCESSOR + "=" + pid, null);
        if (answer.status() == OK) {
            return answer;
        }
        try (answer) {
            String said = answer.said().text();
            throw new IOException("--take-over: the process at " + calls.address()
                    + switch (answer.status()) {
                        case NOT_FOUND ->
                            " is of a version that cannot be taken over from: stop it and start this one without";
                        case CONFLICT -> " cannot be taken over from now: " + said;
                        default ->
                            " does not let this one in: " + said
                                    + " (expected: one that runs with the same configuration, so the same admin.token-file)";
                    });
        }
    }

    /**
     * Tells it that this process serves: when this returns, it accepts no connection but those that have begun, and its
     * admin API's address is free.
     *
     * @throws IOException if it says no, and so goes on serving
     */
    void depart() throws IOException {
        try {
            post(calls, DrainResource.PATH).close();
            hasDeparted = true;
        } catch (ConnectException gone) {
            LOG.warn("the process that this one takes over from has ended by itself");
        }
    }

    /** Whether it may still accept connections. */
    boolean isAccepting() {
        return isAccepting;
    }

    /** Passes on what it tells until it ends; blocks all the while. */
    void follow(Consumer<Handover.News> listener) {
        try {
            for (Event event = next(); event != null; event = next()) {
                pass(event, listener);
            }
        } catch (IOException e) {
            // Whoever ends may cut the stream, and need not end it.
            if (!hasDeparted) {
                LOG.warn("the process that this one takes over from says nothing any more: {}", e.toString());
            }
        } finally {
            isAccepting = false;
            listed.completeExceptionally(new IOException(
                    "--take-over: the process at " + calls.address() + " ended before it had told all its bans"));
        }
        if (unusable > 1) {
            LOG.warn("{} changes of the ban list could not be taken from the process before this one", unusable);
        }
        if (hasDeparted) {
            LOG.info("the process that this one has taken over from has ended");
        }
    }

    /** One that cannot be used, a later version's perhaps, is no reason to miss those that follow. */
    private void pass(Event event, Consumer<Handover.News> listener) {
        try {
            Handover.News news = event.news();
            if (news != null) {
                listener.accept(news);
            }
            if (news instanceof Handover.Retired) {
                isAccepting = false;
            } else if (news instanceof Handover.Listed all) {
                listed.complete(all.isAll());
            }
        } catch (IOException | RuntimeException e) {
            if (unusable++ == 0) { // there may be as many as there are bans
                LOG.warn(
                        "the process that this one takes over from tells what cannot be used here ({}): {}",
                        event.type,
                        e.toString());
            }
        }
    }

    /**
     * Waits until the bans have been passed on that this process does not find in the store.
     *
     * @return whether these were all that are in force, whatever the store has
     * @throws IOException if it has ended before
     */
    boolean awaitListed() throws IOException {
        try {
            return listed.get();
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    /** Null at the end. */
    private @Nullable Event next() throws IOException {
        String type = "";
        StringBuilder json = new StringBuilder();
        for (String line = stream.readLine(); line != null; line = stream.readLine()) {
            if (line.startsWith("event: ")) {
                type = line.substring("event: ".length());
            } else if (line.startsWith("data: ")) {
                json.append(line, "data: ".length(), line.length());
            } else if (line.isEmpty() && !type.isEmpty()) {
                return new Event(type, json.toString());
            }
        }
        return null;
    }

    private record Event(String type, String json) {
        /** Null for what is no news, or a later version's. */
        Handover.@Nullable News news() throws IOException {
            return switch (type) {
                case TakeOverResource.BANNED -> new Handover.Banned(BanJson.read(parser()));
                case TakeOverResource.UNBANNED -> new Handover.Unbanned(BanJson.read(parser()));
                case TakeOverResource.LISTED -> new Handover.Listed(isAll());
                case TakeOverResource.RETIRED -> new Handover.Retired();
                default -> null;
            };
        }

        private boolean isAll() throws IOException {
            boolean[] all = {false};
            AdminJson.object(parser(), (name, value) -> {
                if (name.equals(TakeOverResource.ALL)) {
                    all[0] = value.getBooleanValue();
                }
            });
            return all[0];
        }

        private JsonParser parser() throws IOException {
            JsonParser parser = AdminJson.parser(new ByteArrayInputStream(json.getBytes(StandardCharsets.US_ASCII)));
            parser.nextToken();
            return parser;
        }
    }

    /** It learns that this process does not take over, if it has not been told to {@link #depart}. */
    @Override
    public void close() {
        answer.close();
    }
}
