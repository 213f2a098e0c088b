package io.portcullis.server.config;

import java.util.regex.Pattern;

/** The names that operators choose for listeners, virtual hosts and jails: they stand in logs and on command lines. */
final class Names {

    static final String EXPECTED = "(expected letters, digits, '-', '_' and '.', beginning with a letter or digit)";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

    private Names() {}

    static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }
}
