package io.portcullis.server.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Whether a person reads along, and how wide and colourful it may be for them. */
final class Terminal {

    private static final Path STDOUT = Path.of("/proc/self/fd/1");

    /** The width of help where nobody says otherwise. */
    static final int USUAL_COLUMNS = 80;
    /** Narrower, and a column of descriptions has no room. */
    private static final int LEAST_COLUMNS = 55;
    /** Wider, and lines are hard to read. */
    private static final int MOST_COLUMNS = 100;

    private static final long STTY_MILLIS = 500;

    private Terminal() {}

    /**
     * Whether stdout is a terminal, by Linux's word: {@link System#console} also looks at stdin, and from JDK 22 on is
     * there without any terminal. No elsewhere.
     */
    static boolean isStdout() {
        return device() != null;
    }

    private static @Nullable String device() {
        try {
            String name = Files.readSymbolicLink(STDOUT).toString();
            boolean isTerminal =
                    name.startsWith("/dev/pts/") || name.startsWith("/dev/tty") || name.equals("/dev/console");
            return isTerminal ? name : null;
        } catch (IOException | UnsupportedOperationException e) {
            return null;
        }
    }

    /** Whether colours are welcome (no-color.org): on a terminal that has them, unless {@code NO_COLOR} is set. */
    static boolean hasColours() {
        return hasColours(isStdout(), System.getenv());
    }

    static boolean hasColours(boolean isTerminal, Map<String, String> environment) {
        return isTerminal
                && environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !environment.getOrDefault("TERM", "dumb").equals("dumb");
    }

    /** The width of help: {@code COLUMNS}, else the terminal's, else 80; within what can be read. */
    static int columns() {
        String asked = System.getenv("COLUMNS");
        return columns(asked == null ? measured() : asked);
    }

    static int columns(String text) {
        int columns = text.matches("[1-9][0-9]{0,4}") ? Integer.parseInt(text) : USUAL_COLUMNS;
        return Math.max(LEAST_COLUMNS, Math.min(columns, MOST_COLUMNS));
    }

    /** The JDK cannot tell; stty asks the terminal that is its stdin, and answers {@code rows columns}. */
    private static String measured() {
        String device = device();
        if (device == null) {
            return "";
        }
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(Path.of(device).toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (var answer = stty.getInputStream()) {
                if (!stty.waitFor(STTY_MILLIS, TimeUnit.MILLISECONDS)) {
                    stty.destroyForcibly();
                    return "";
                }
                String said = new String(answer.readAllBytes(), StandardCharsets.US_ASCII).strip();
                return said.substring(said.indexOf(' ') + 1);
            }
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }
}
