package io.portcullis.server.e2e.kit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** Collects the lines of a process's output as they come, so that the process never blocks on a full pipe. */
final class OutputLines {

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Predicate<String> last;
    private final Thread reader;

    OutputLines(InputStream in, String name) {
        this(in, name, line -> false);
    }

    /** @param last a line after which nothing more is read: the pipe stays open and fills up */
    OutputLines(InputStream in, String name, Predicate<String> last) {
        this.last = last;
        reader = new Thread(() -> collect(in), name);
        reader.setDaemon(true);
        reader.start();
    }

    private void collect(InputStream in) {
        try {
            BufferedReader text = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            String line = text.readLine();
            while (line != null) {
                lines.add(line);
                if (last.test(line)) {
                    return;
                }
                line = text.readLine();
            }
            text.close();
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
