package io.portcullis.benchmarks.application;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.portcullis.benchmarks.process.ChildProcess;
import io.portcullis.benchmarks.process.CoreSet;
import io.portcullis.benchmarks.process.JavaProgram;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URL;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The running application process, as the harness sees it. */
public final class Application implements AutoCloseable {

    private static final Duration TO_START = Duration.ofSeconds(20);
    private static final int TO_ANSWER_MILLIS = 10_000;
    private static final List<String> FLAGS = List.of(
            "-XX:+UseSerialGC",
            "-Xms96m",
            "-Xmx512m",
            "-Xmn64m",
            "-XX:-UsePerfData",
            "-Dio.netty.leakDetection.level=disabled",
            "-Dio.netty.buffer.checkBounds=false",
            "-Dio.netty.buffer.checkAccessible=false");

    private final long pid;
    private final int port;
    private final Runnable end;

    /** @param end ends the process of that number */
    Application(long pid, int port, Runnable end) {
        this.pid = pid;
        this.port = port;
        this.end = end;
    }

    /** Starts it, and waits until it answers. */
    public static Application start(CoreSet cores) throws IOException {
        JavaProgram program = new JavaProgram(ApplicationMain.class, FLAGS, List.of());
        ChildProcess process = ChildProcess.start("application", program.command(), cores);
        try {
            String ready = process.awaitLine(ApplicationMain.READY, TO_START);
            int port = Integer.parseInt(ready.substring(ApplicationMain.READY.length()));
            return new Application(process.pid(), port, process::close);
        } catch (IOException | RuntimeException e) {
            process.close();
            throw e;
        }
    }

    /** On 127.0.0.1. */
    public int port() {
        return port;
    }

    public long pid() {
        return pid;
    }

    /** How many requests each path has had, all but those of this question. */
    public Map<String, Long> counts() throws IOException {
        HttpURLConnection asked = ask("/count");
        Map<String, Long> counts = new TreeMap<>();
        try (JsonParser json = new JsonFactory().createParser(asked.getInputStream())) {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String path = json.currentName();
                json.nextToken();
                counts.put(path, json.getLongValue());
            }
        }
        return counts;
    }

    /** How many requests that path has had. */
    public long count(String path) throws IOException {
        return counts().getOrDefault(path, 0L);
    }

    /** Begins to count anew. */
    public void resetCounts() throws IOException {
        HttpURLConnection asked = ask("/count/reset");
        asked.setRequestMethod("POST");
        if (asked.getResponseCode() != HttpURLConnection.HTTP_NO_CONTENT) {
            throw new IOException("the application answered " + asked.getResponseCode() + " (expected: 204)");
        }
    }

    @Override
    public void close() {
        end.run();
    }

    private HttpURLConnection ask(String path) throws IOException {
        HttpURLConnection asked =
                (HttpURLConnection) new URL("http", "127.0.0.1", port, path).openConnection(Proxy.NO_PROXY);
        asked.setConnectTimeout(TO_ANSWER_MILLIS);
        asked.setReadTimeout(TO_ANSWER_MILLIS);
        return asked;
    }
}
