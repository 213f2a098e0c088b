package io.portcullis.benchmarks.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A process that was started here: its output line by line, each wait bounded, and ended when this is closed.
 *
 * <p>Its standard input stays open for as long as this process lives, so one that reads it finds out when this one was
 * killed. What it complains of (its standard error) is kept, the last of it, for the message when something is wrong.
 */
public final class ChildProcess implements AutoCloseable {

    private static final Duration TO_END = Duration.ofSeconds(5);
    private static final int LINES = 10_000;
    private static final int COMPLAINTS = 8_192;
    /** No line: it has an octet that cannot stand in one. */
    private static final String END = "\n";

    private final String name;
    private final Process process;
    private final BlockingQueue<String> lines = new ArrayBlockingQueue<>(LINES);
    private final Thread errorReader;
    /** Guarded by itself. */
    private final StringBuilder complaints = new StringBuilder();

    private ChildProcess(String name, Process process) {
        this.name = name;
        this.process = process;
        thread("output", this::readOutput);
        errorReader = thread("complaints", this::readComplaints);
    }

    /** @param name what it is called in messages */
    public static ChildProcess start(String name, List<String> command, CoreSet cores) throws IOException {
        return new ChildProcess(name, new ProcessBuilder(cores.pinned(command)).start());
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** The last of what it wrote to its standard error. */
    public String complaints() {
        synchronized (complaints) {
            return complaints.toString().strip();
        }
    }

    /** The next line of its output that begins so. An end of the output, or of the time, is a fault. */
    public String awaitLine(String beginning, Duration limit) throws IOException {
        long until = System.nanoTime() + limit.toNanos();
        while (true) {
            String line = next(until - System.nanoTime());
            if (line == null) {
                throw new IOException(name + ": no line \"" + beginning + "…\" within " + seconds(limit) + said());
            }
            if (line.equals(END)) {
                throw new IOException(
                        name + ": ended with " + exit() + " before a line \"" + beginning + "…\"" + said());
            }
            if (line.startsWith(beginning)) {
                return line;
            }
        }
    }

    /** The rest of its output, once it has ended; whatever its exit code. */
    public List<String> awaitOutput(Duration limit) throws IOException {
        long until = System.nanoTime() + limit.toNanos();
        List<String> output = new ArrayList<>();
        while (true) {
            String line = next(until - System.nanoTime());
            if (line == null) {
                throw new IOException(name + ": not done within " + seconds(limit) + said());
            }
            if (line.equals(END)) {
                return output;
            }
            output.add(line);
        }
    }

    /** Its exit code. */
    public int awaitEnd(Duration limit) throws IOException {
        try {
            if (!process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new IOException(name + ": not done within " + seconds(limit) + said());
            }
            errorReader.join(TO_END.toMillis());
            return process.exitValue();
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** Writes a line to its standard input. */
    public void tell(String line) throws IOException {
        OutputStream input = process.getOutputStream();
        try {
            input.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            input.flush();
        } catch (IOException e) {
            throw new IOException(name + ": can't be told \"" + line + "\": " + e.getMessage() + said(), e);
        }
    }

    /** Asks it to end, and makes it after five seconds. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(TO_END.toNanos(), TimeUnit.NANOSECONDS)) {
                process.destroyForcibly().waitFor(TO_END.toNanos(), TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private @Nullable String next(long nanos) throws IOException {
        try {
            return lines.poll(Math.max(0, nanos), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private IOException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        IOException fault = new InterruptedIOException(name + ": interrupted while waiting for it");
        fault.initCause(cause);
        return fault;
    }

    private String exit() throws IOException {
        return String.valueOf(awaitEnd(TO_END));
    }

    private String said() {
        String last = complaints();
        return last.isEmpty() ? "" : "; it said: " + last;
    }

    private static String seconds(Duration limit) {
        return limit.toMillis() / 1_000.0 + " s";
    }

    private Thread thread(String what, Runnable work) {
        Thread thread = new Thread(work, name + " " + what);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void readOutput() {
        try (BufferedReader reader = reader(process.getInputStream())) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.put(line);
            }
            lines.put(END);
        } catch (IOException e) {
            // Closed under the reader: the process was ended from here, and nobody waits for a line any more.
            lines.offer(END);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void readComplaints() {
        try (BufferedReader reader = reader(process.getErrorStream())) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                synchronized (complaints) {
                    complaints.append(line).append('\n');
                    complaints.delete(0, Math.max(0, complaints.length() - COMPLAINTS));
                }
            }
        } catch (IOException e) {
            synchronized (complaints) {
                complaints.append(e.getMessage()).append('\n');
            }
        }
    }

    private static BufferedReader reader(InputStream stream) {
        return new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
    }
}
