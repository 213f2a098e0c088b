package io.portcullis.server.cli;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import io.portcullis.core.config.AdminConfig;
import io.portcullis.server.admin.AdminCalls;
import io.portcullis.server.admin.AdminJson;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Speaks to the admin API of a running process, and says for a person at a terminal what went wrong. */
final class AdminClient {

    /** Taking back a million bans takes its time. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final Set<Integer> DONE = Set.of(200);
    /** Done, or not to be done for reasons that the answer tells in its own words. */
    private static final Set<Integer> OUTCOME = Set.of(200, 422);

    private static final byte[] NOTHING = {};

    private final AdminConfig.Bind address;
    private final AdminCalls calls;
    private final Path configFile;

    AdminClient(AdminConfig.Bind address, String token, Path configFile) {
        this.address = address;
        this.calls = new AdminCalls(address, token, PATIENCE);
        this.configFile = configFile;
    }

    /** What takes the answer; the parser stands before its first token. */
    interface Reader<T> {
        T read(JsonParser json) throws IOException;
    }

    /** A part of a path or a query, as a URL has it. */
    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    <T> T get(String target, Reader<T> reader) throws AdminFailure {
        return ask("GET", target, null, reader, DONE);
    }

    <T> T delete(String target, Reader<T> reader) throws AdminFailure {
        return ask("DELETE", target, null, reader, DONE);
    }

    <T> T post(String target, byte @Nullable [] json, Reader<T> reader) throws AdminFailure {
        return ask("POST", target, json, reader, DONE);
    }

    /** As {@link #post} without a body; the outcome is read where it is not what was asked for, too. */
    <T> T postForOutcome(String target, Reader<T> reader) throws AdminFailure {
        return ask("POST", target, NOTHING, reader, OUTCOME);
    }

    private <T> T ask(String method, String target, byte @Nullable [] body, Reader<T> reader, Set<Integer> expected)
            throws AdminFailure {
        try (AdminCalls.Answer answer = calls.send(method, target, body)) {
            if (!expected.contains(answer.status())) {
                throw failure(answer.status(), answer.said());
            }
            try (JsonParser json = AdminJson.parser(answer.body())) {
                return reader.read(json);
            }
        } catch (JsonProcessingException e) {
            throw new AdminFailure(
                    ExitCode.UNREACHABLE,
                    "what answers at " + address
                            + " is no Portcullis, or was cut off: is another program at the address"
                            + " of admin.bind? (it has been shown the admin token then: delete the token's file and"
                            + " restart)");
        } catch (IOException e) {
            throw new AdminFailure(
                    ExitCode.UNREACHABLE,
                    "no Portcullis answers at " + address + ": " + e.getMessage() + ". Is it running, and with "
                            + configFile + "? (-c FILE: another configuration; --admin ADDRESS:PORT: another address)");
        }
    }

    private AdminFailure failure(int status, AdminCalls.Said said) {
        String text = Printable.of(said.text());
        return switch (status) {
            case 400, 405, 413, 414, 415 -> new AdminFailure(ExitCode.WRONG_USAGE, text);
            case 401, 403, 421, 431 ->
                new AdminFailure(
                        ExitCode.UNREACHABLE,
                        "the process at " + address + " does not let this command in: " + text + ". Is " + configFile
                                + " the configuration that it runs with?");
            default -> new AdminFailure(ExitCode.NOT_SO, text);
        };
    }
}
