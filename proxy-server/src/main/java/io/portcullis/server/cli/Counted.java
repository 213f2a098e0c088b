package io.portcullis.server.cli;

/** A number of things, in words. */
final class Counted {
    private Counted() {}

    /** {@code 1 problem}, {@code 2 problems}. */
    static String of(long number, String thing) {
        return number + " " + noun(number, thing);
    }

    static String noun(long number, String thing) {
        return number == 1 ? thing : thing + "s";
    }
}
