package io.portcullis.server.admin;

import com.fasterxml.jackson.core.JsonParser;
import io.portcullis.core.config.AdminConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Calls to the admin API of a running process, by its commands and by the process that takes over from it.
 *
 * <p>By the JDK's old client, because it starts in a few milliseconds: a command lives for one request.
 */
public final class AdminCalls {

    static {
        // An order whose answer was lost may have been obeyed, perhaps by a process that is no more: never twice. The
        // client reads this once, before its first request, and sends a POST again where it is not said.
        System.setProperty("sun.net.http.retryPost", "false");
    }

    private static final int CONNECT_MILLIS = 3_000;
    private static final int FIRST_FAULT = 400;

    private final AdminConfig.Bind address;
    private final String token;
    private final Duration patience;

    /** @param patience how long to wait for the answer, and then for anything more of it */
    public AdminCalls(AdminConfig.Bind address, String token, Duration patience) {
        this.address = address;
        this.token = token;
        this.patience = patience;
    }

    public AdminConfig.Bind address() {
        return address;
    }

    /**
     * Asks, and waits for the head of the answer.
     *
     * @param target path and query
     * @throws java.net.ConnectException if nobody answers at the address
     */
    public Answer send(String method, String target, byte @Nullable [] json) throws IOException {
        HttpURLConnection connection = (HttpURLConnection)
                URI.create("http://" + address + target).toURL().openConnection(Proxy.NO_PROXY);
        try {
            connection.setRequestMethod(method);
            connection.setConnectTimeout(CONNECT_MILLIS);
            connection.setReadTimeout((int) patience.toMillis());
            connection.setRequestProperty("Authorization", "Bearer " + token);
            if (json != null) {
                connection.setRequestProperty("Content-Type", AdminJson.CONTENT_TYPE);
                connection.setDoOutput(true);
                try (OutputStream out = connection.getOutputStream()) {
                    out.write(json);
                }
            }
            return new Answer(connection, connection.getResponseCode());
        } catch (IOException e) {
            connection.disconnect();
            throw e;
        }
    }

    /** What came back. */
    public static final class Answer implements AutoCloseable {

        private final HttpURLConnection connection;
        private final int status;

        private Answer(HttpURLConnection connection, int status) {
            this.connection = connection;
            this.status = status;
        }

        public int status() {
            return status;
        }

        /** Empty where there is none. */
        public InputStream body() throws IOException {
            InputStream body = status < FIRST_FAULT ? connection.getInputStream() : connection.getErrorStream();
            return body == null ? InputStream.nullInputStream() : body;
        }

        /** Reads why it was refused. */
        public Said said() throws IOException {
            String error = "status " + status;
            String expected = "";
            try (JsonParser json = AdminJson.parser(body())) {
                while (json.nextToken() != null) {
                    if (json.currentToken().isScalarValue()) {
                        if ("expected".equals(json.currentName())) {
                            expected = json.getText();
                        } else {
                            error = json.getText();
                        }
                    }
                }
            }
            return new Said(error, expected);
        }

        /** The process finds out, where it is still answering. */
        @Override
        public void close() {
            connection.disconnect();
        }
    }

    /** Why a call was refused, in the process's words. */
    public record Said(String error, String expected) {

        public String text() {
            return error + (expected.isEmpty() ? "" : " (expected: " + expected + ")");
        }
    }
}
