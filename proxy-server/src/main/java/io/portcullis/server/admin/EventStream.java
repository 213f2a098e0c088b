package io.portcullis.server.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import io.portcullis.server.observe.Events;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Server-sent events on their way to a client (WHATWG HTML, section 9.2): the body of an answer that goes on until one
 * of both ends it. It holds its thread all the while, so whoever answers so bounds how many there are.
 *
 * <p>Every method throws where the client is gone, or has not read for ten seconds. Used by one thread.
 */
final class EventStream {

    static final String CONTENT_TYPE = "text/event-stream";

    /** Keeps proxies and tunnels on the way from taking it for dead, and tells a client that it is not. */
    static final long HEARTBEAT_NANOS = TimeUnit.SECONDS.toNanos(15);

    /** How late an event may be told. */
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** Events between two looks at whether some were missed. */
    private static final int BATCH = 256;

    private final OutputStream out;
    private final LongSupplier nanoTime;
    private long sentAt;

    EventStream(OutputStream out, LongSupplier nanoTime) {
        this.out = out;
        this.nanoTime = nanoTime;
        this.sentAt = nanoTime.getAsLong();
    }

    /** What is told; the answer ends with it. */
    interface Script {
        void tell(EventStream stream) throws IOException;
    }

    static AdminAnswer answer(Script script) {
        return new AdminAnswer(200, CONTENT_TYPE, out -> script.tell(new EventStream(out, System::nanoTime)));
    }

    /** Sends an event that is this stream's own, and so has no id. */
    void send(String type, AdminAnswer.Json data) throws IOException {
        put(type, data);
        flush();
    }

    /** The same for one of many: it leaves with the next that is sent, or when they fill a chunk. */
    void put(String type, AdminAnswer.Json data) throws IOException {
        write("event: " + type + "\n", data);
    }

    /** Sends what the subscription gets, until there will be no more. */
    void follow(Events.Subscription news) throws IOException {
        boolean isLast;
        do {
            isLast = news.isLast(); // read before what is there, so that nothing comes between
            round(news);
            if (!isLast) {
                LockSupport.parkNanos(this, POLL_NANOS);
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException("the process ends");
            }
        } while (!isLast);
    }

    /** Sends what there is, and a sign of life where there has been nothing for a while. */
    void round(Events.Subscription news) throws IOException {
        int sent = 0;
        for (Events.Told told = news.poll(); told != null; told = news.poll()) {
            Events.Told one = told;
            write("event: " + told.event().type() + "\nid: " + told.id() + "\n", json -> EventJson.write(one, json));
            if (++sent % BATCH == 0) {
                writeMissed(news);
            }
        }
        writeMissed(news);
        if (nanoTime.getAsLong() - sentAt >= HEARTBEAT_NANOS) {
            write(":\n\n");
        }
        flush();
    }

    private void writeMissed(Events.Subscription news) throws IOException {
        int missed = news.takeMissed();
        if (missed > 0) {
            write("event: missed\n", json -> {
                json.writeStartObject();
                json.writeNumberField("count", missed);
                json.writeEndObject();
            });
        }
    }

    private void write(String fields, AdminAnswer.Json data) throws IOException {
        write(fields + "data: ");
        try (JsonGenerator json = AdminJson.writer(out)) {
            data.writeTo(json);
        }
        write("\n\n");
    }

    private void write(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
        sentAt = nanoTime.getAsLong();
    }

    /** Also where there is nothing to send: that is how a client that is gone is noticed. */
    private void flush() throws IOException {
        out.flush();
    }
}
