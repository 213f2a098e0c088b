package io.portcullis.server.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The words of a {@code run} as services and scripts write it, read without the library that reads all others, whose
 * loading would be a third of the start. They mean here what they mean in {@link RunCommand}.
 *
 * @param configFile null where none is named
 */
record RunArguments(@Nullable Path configFile, boolean takesOver) {

    private static final String COMMAND = "run";
    private static final String SHORT_FILE = "-c";
    private static final String FILE = "--config";
    private static final String TAKE_OVER = "--take-over";

    /** Empty for every other command, and for whatever is not as plain as can be: {@link Commands} knows what to say. */
    static Optional<RunArguments> of(String[] args) {
        if (args.length == 0 || !args[0].equals(COMMAND)) {
            return Optional.empty();
        }
        String file = null;
        boolean takesOver = false;
        for (int i = 1; i < args.length; i++) {
            String word = args[i];
            if (word.equals(TAKE_OVER) && !takesOver) {
                takesOver = true;
            } else if ((word.equals(SHORT_FILE) || word.equals(FILE)) && file == null && i + 1 < args.length) {
                file = args[++i];
            } else if (word.startsWith(FILE + "=") && file == null) {
                file = word.substring(FILE.length() + 1);
            } else {
                return Optional.empty();
            }
        }
        if (file == null) {
            return Optional.of(new RunArguments(null, takesOver));
        }
        Path path = path(file);
        return path == null ? Optional.empty() : Optional.of(new RunArguments(path, takesOver));
    }

    /** Null for nothing, for what may be another option, or a file of words to be put in its place. */
    private static @Nullable Path path(String file) {
        if (file.isEmpty() || file.startsWith("-") || file.startsWith("@")) {
            return null;
        }
        try {
            return Path.of(file);
        } catch (InvalidPathException e) {
            return null;
        }
    }
}
