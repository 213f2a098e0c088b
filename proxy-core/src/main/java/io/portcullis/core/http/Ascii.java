package io.portcullis.core.http;

/**
 * Letters as HTTP compares them: ASCII only, whatever the locale. The Unicode rules would make a Kelvin sign equal
 * {@code k} and so one header name two.
 */
final class Ascii {

    private Ascii() {}

    static boolean isUpper(char c) {
        return c >= 'A' && c <= 'Z';
    }

    static boolean isLetterOrDigit(char c) {
        return (c >= 'a' && c <= 'z') || isUpper(c) || isDigit(c);
    }

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    static char toLower(char c) {
        return isUpper(c) ? (char) (c + ('a' - 'A')) : c;
    }

    /** @param lower in lower case */
    static boolean equalsIgnoreCase(CharSequence text, String lower) {
        return text.length() == lower.length() && startsWithIgnoreCase(text, lower);
    }

    /** @param lower in lower case */
    static boolean startsWithIgnoreCase(CharSequence text, String lower) {
        if (text.length() < lower.length()) {
            return false;
        }
        for (int i = 0; i < lower.length(); i++) {
            if (toLower(text.charAt(i)) != lower.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** The text itself where it has no upper-case letter. */
    static String toLowerCase(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (isUpper(text.charAt(i))) {
                char[] chars = text.toCharArray();
                for (int k = i; k < chars.length; k++) {
                    chars[k] = toLower(chars[k]);
                }
                return new String(chars);
            }
        }
        return text;
    }
}
