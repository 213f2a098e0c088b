package io.portcullis.server.cli;

/**
 * The files that classes come from. With the archive that {@code prepare} makes, the JVM opens one only when it looks for a
 * class that is not in the archive; and what is loaded late is what deals with faults. By then there may be no file
 * descriptor left, or another version in the jar's place: the class is not found, and the event loop that wanted to tell of a
 * fault dies of that.
 */
final class Jars {

    /** In none of them, so that each is looked into. */
    private static final String NOWHERE = "io/portcullis/in-no-jar";

    private Jars() {}

    /** Opens them all; they stay open for as long as the process lives. */
    static void open() {
        if (ClassLoader.getSystemResource(NOWHERE) != null) {
            throw new IllegalStateException(NOWHERE + ": found (expected: in no jar)");
        }
    }
}
