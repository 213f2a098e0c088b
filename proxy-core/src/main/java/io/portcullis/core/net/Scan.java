package io.portcullis.core.net;

/**
 * A search within a part of a text. {@link String#indexOf(int, int)} looks on to the text's end, which makes reading a
 * list of many elements quadratic; a stranger chooses how long the list is.
 */
final class Scan {

    private Scan() {}

    /** Where the character stands first in the part, or {@code end}. */
    static int indexOf(String text, char wanted, int start, int end) {
        int at = start;
        while (at < end && text.charAt(at) != wanted) {
            at++;
        }
        return at;
    }

    /** The first character of the part that is no optional whitespace (RFC 9110 section 5.6.3), or {@code end}. */
    static int skipSpace(String text, int start, int end) {
        int at = start;
        while (at < end && isSpace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    /** The end of the part without the optional whitespace that it ends in. */
    static int trimEnd(String text, int start, int end) {
        int at = end;
        while (at > start && isSpace(text.charAt(at - 1))) {
            at--;
        }
        return at;
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t';
    }
}
