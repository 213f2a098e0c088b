package io.portcullis.server.cli;

import java.util.Locale;

/** Makes text that strangers chose harmless on a terminal, which would obey some of its characters. */
final class Printable {

    private Printable() {}

    /** ASCII as it is; a backslash and everything else as {@code \xHH} or {@code \}{@code uHHHH}. */
    static String of(String received) {
        StringBuilder text = new StringBuilder(received.length());
        for (int i = 0; i < received.length(); i++) {
            char c = received.charAt(i);
            if (c >= ' ' && c <= '~' && c != '\\') {
                text.append(c);
            } else {
                text.append(String.format(Locale.ROOT, c > 0xFF ? "\\u%04X" : "\\x%02X", (int) c));
            }
        }
        return text.toString();
    }
}
