package io.portcullis.core.config;

/**
 * Something in a valid configuration that its operator should know. The configuration is taken all the same.
 *
 * @param file as the operator knows it
 * @param line 1-based; 0 where it is not known
 * @param path the key's path in the file
 * @param message what is to be known, with the value and what was expected
 */
public record ConfigWarning(String file, int line, String path, String message) implements ConfigFinding {

    /** As a {@link ConfigProblem}, and says that it is none. */
    @Override
    public String toString() {
        return new ConfigProblem(file, line, path, "warning: " + message).toString();
    }
}
