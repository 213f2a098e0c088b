package io.portcullis.server.e2e.kit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Collects the lines of a process's output as they come, so that the process never blocks on a full pipe. */
final class OutputLines {

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Thread reader;

    OutputLines(InputStream in, String name) {
        reader = new Thread(() -> collect(in), name);
        reader.setDaemon(true);
        reader.start();
    }

    private void collect(InputStream in) {
        try (BufferedReader text = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            String line = text.readLine();
            while (line != null) {
                lines.add(line);
                line = text.readLine();
            }
        } catch (IOException ended) {
            // The process was killed; what it said until then is kept.
        }
    }

    List<String> lines() {
        return List.copyOf(lines);
    }

    /** Waits until everything that an ended process said has been read. */
    void awaitEnd() {
        try {
            reader.join(5_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String toString() {
        return String.join("\n", lines);
    }
}
