package io.portcullis.core.config;

/**
 * One thing that is wrong in a configuration.
 *
 * @param file as the operator knows it
 * @param line 1-based; 0 where the problem has no line (a file that is missing)
 * @param path the key's path in the file; empty where the problem is the file itself
 * @param message what is wrong, with the value and what was expected
 */
public record ConfigProblem(String file, int line, String path, String message) implements ConfigFinding {

    /** {@code file:line: path: message}, without the parts that are not known. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(file);
        if (line > 0) {
            text.append(':').append(line);
        }
        text.append(": ");
        if (!path.isEmpty()) {
            text.append(path).append(": ");
        }
        return text.append(message).toString();
    }
}
