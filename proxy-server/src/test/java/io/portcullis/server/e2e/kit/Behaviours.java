package io.portcullis.server.e2e.kit;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The behaviours that several tests need. */
public final class Behaviours {

    /** Answers with that status and a body of known length. */
    public static Behaviour answer(int status, String body) {
        String head = "HTTP/1.1 " + status + " Said\r\nContent-Length: " + body.length() + "\r\n\r\n";
        return (request, connection) -> {
            connection.send(request.method().equals("HEAD") ? head : head + body);
            return true;
        };
    }

    /** Answers with exactly these octets and keeps the connection. */
    public static Behaviour raw(String octets) {
        return (request, connection) -> {
            connection.send(octets);
            return true;
        };
    }

    /** Answers with exactly these octets and ends the connection. */
    public static Behaviour rawThenClose(String octets) {
        return (request, connection) -> {
            connection.send(octets);
            return false;
        };
    }

    /** Answers with exactly these octets once the proxy has had time to pass them on, then cuts the connection. */
    public static Behaviour rawThenReset(String octets, CountDownLatch cutNow) {
        return (request, connection) -> {
            connection.send(octets);
            await(cutNow);
            connection.reset();
            return false;
        };
    }

    /** Takes the request and says nothing until the proxy gives up. */
    public static Behaviour hang() {
        return (request, connection) -> {
            connection.awaitEnd();
            return false;
        };
    }

    /** Answers only once the latch is released. */
    public static Behaviour after(CountDownLatch latch, Behaviour behaviour) {
        return (request, connection) -> {
            await(latch);
            return behaviour.answer(request, connection);
        };
    }

    /** An application that needs some time for each answer. */
    public static Behaviour slow(long millis, Behaviour behaviour) {
        return (request, connection) -> {
            try {
                TimeUnit.MILLISECONDS.sleep(millis);
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
            return behaviour.answer(request, connection);
        };
    }

    /**
     * Ends the connection when a second request comes on it: what an application does whose idle time-out runs out
     * just as a request is on its way.
     */
    public static Behaviour closeWhenReused(Behaviour onFreshConnection) {
        return (request, connection) ->
                request.indexOnConnection() == 1 && onFreshConnection.answer(request, connection);
    }

    /** Waits for the test; fails the application's connection where nothing comes. */
    public static void await(CountDownLatch latch) throws IOException {
        try {
            if (!latch.await(30, TimeUnit.SECONDS)) {
                throw new IOException("the test never released the application");
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static InterruptedIOException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        InterruptedIOException exception = new InterruptedIOException("the application is closed");
        exception.initCause(cause);
        return exception;
    }

    private Behaviours() {}
}
