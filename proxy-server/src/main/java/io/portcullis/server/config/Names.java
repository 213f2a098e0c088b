package io.portcullis.server.config;

import java.util.regex.Pattern;

/** The names that operators choose for listeners, virtual hosts and jails, and those that HTTP has. */
final class Names {

    /** They stand in logs and on command lines. */
    static final String EXPECTED = "(expected letters, digits, '-', '_' and '.', beginning with a letter or digit)";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

    /** RFC 9110 section 5.6.2. */
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    private Names() {}

    static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    /** Whether it can be a method or the name of a field. */
    static boolean isToken(String text) {
        return TOKEN.matcher(text).matches();
    }
}
