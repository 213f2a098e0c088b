package io.portcullis.server.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fields kept as octets: whoever looks must see what Netty's own headers would show, and what is written must be that. */
class FieldLinesTest {

    private static final int ROUNDS = 3_000;
    private static final int CHANGES = 20;

    /** Some alike in all that a tag looks at, some of the same length, one of one letter. */
    private static final String[] NAMES = {
        "Host",
        "Hast",
        "host",
        "Accept",
        "accept",
        "Accept-Encoding",
        "X",
        "X-Real-IP",
        "x-a-b",
        "x-a_b",
        "Cookie",
        "Connection",
    };

    private static final String[] VALUES = {"", "a", "b, c", "1", "-17", "99999999999", "close", "\u00e9\t~", "a  b"};

    private static FieldLines parsed(String lines) throws MalformedFields {
        byte[] octets = ("GET / HTTP/1.1\r\n" + lines).getBytes(ISO_8859_1);
        return FieldLineParser.parse(octets, 16, octets.length, 100);
    }

    private static String encoded(FieldLines lines) {
        ByteBuf out = Unpooled.buffer();
        lines.encode(out);
        assertThat(lines.encodedLength()).isEqualTo(out.readableBytes());
        return out.toString(ISO_8859_1);
    }

    // Random operations, the same outcome

    /** If it breaks: a field is seen that is not there, or is passed on that was removed. */
    @Test
    void doesWhatNettysHeadersDo() throws MalformedFields {
        SplittableRandom random = new SplittableRandom(6);
        for (int round = 0; round < ROUNDS; round++) {
            HttpHeaders model = new DefaultHttpHeaders();
            FieldLines lines = parsed(receivedLines(random, model));
            assertSame(lines, model);
            for (int i = 0; i < CHANGES; i++) {
                change(random, lines, model);
            }
            assertSame(lines, model);
            assertSame((FieldLines) lines.copy(), model);
        }
    }

    private static String receivedLines(SplittableRandom random, HttpHeaders model) {
        StringBuilder octets = new StringBuilder();
        for (int i = random.nextInt(20); i > 0; i--) {
            String name = NAMES[random.nextInt(NAMES.length)];
            String value = VALUES[random.nextInt(VALUES.length)];
            String before = random.nextInt(4) == 0 ? "\t ".repeat(random.nextInt(3)) : " ";
            String after = random.nextInt(4) == 0 ? " \t" : "";
            octets.append(name)
                    .append(':')
                    .append(before)
                    .append(value)
                    .append(after)
                    .append("\r\n");
            model.add(name, value);
        }
        return octets.toString();
    }

    private static void change(SplittableRandom random, FieldLines lines, HttpHeaders model) {
        String written = NAMES[random.nextInt(NAMES.length)];
        CharSequence name = random.nextBoolean() ? written : new AsciiString(written.toUpperCase(Locale.ROOT));
        String value = VALUES[random.nextInt(VALUES.length)];
        switch (random.nextInt(14)) {
            case 0, 1 -> {
                lines.add(name, value);
                model.add(name, value);
            }
            case 2 -> {
                lines.set(name, value);
                model.set(name, value);
            }
            case 3, 4, 5 -> {
                lines.remove(name);
                model.remove(name);
            }
            case 6 -> {
                List<Object> values = List.of(value, 7, new AsciiString(value, ISO_8859_1));
                lines.add(name, values);
                model.add(name, values);
            }
            case 7 -> {
                lines.set(name, List.of(value, Date.from(Instant.EPOCH)));
                model.set(name, List.of(value, Date.from(Instant.EPOCH)));
            }
            case 8 -> {
                lines.setInt(name, 17);
                model.setInt(name, 17);
            }
            case 9 -> {
                FieldLines more = new FieldLines();
                more.add(name, value).add("Y", "gone").add("Z", value).remove("Y");
                lines.add(more);
                model.add(more);
            }
            case 10 -> {
                HttpHeaders more = new DefaultHttpHeaders().add(name, value).add("Z", value);
                lines.add(more);
                model.add(more);
            }
            case 11 -> {
                lines.removeIf(each -> each.length() == name.length());
                for (String each : new ArrayList<>(model.names())) {
                    if (each.length() == name.length()) {
                        model.remove(each);
                    }
                }
            }
            case 12 -> {
                if (random.nextInt(10) == 0) {
                    lines.clear();
                    model.clear();
                }
            }
            default -> assertSame(lines, model);
        }
    }

    private static void assertSame(FieldLines lines, HttpHeaders model) {
        assertThat(lines.entries()).isEqualTo(model.entries());
        assertThat(lines.size()).isEqualTo(model.size());
        assertThat(lines.isEmpty()).isEqualTo(model.isEmpty());
        assertThat(lines.names()).isEqualTo(new HashSet<>(model.names()));
        assertThat(lines.toString().substring(10)).isEqualTo(model.toString().substring(18));
        for (String name : NAMES) {
            AsciiString upper = new AsciiString(name.toUpperCase(Locale.ROOT));
            assertThat(lines.contains(name)).isEqualTo(model.contains(name));
            assertThat(lines.contains(upper)).isEqualTo(model.contains(upper));
            assertThat(lines.get(name)).isEqualTo(model.get(name));
            assertThat(lines.getAll(upper)).isEqualTo(model.getAll(upper));
            assertThat(lines.count(upper)).isEqualTo(model.getAll(upper).size());
            assertThat(lines.getInt(name)).isEqualTo(model.getInt(name));
            assertThat(lines.getShort(name, (short) 3)).isEqualTo(model.getShort(name, (short) 3));
            assertThat(lines.containsValue(name, "C", true)).isEqualTo(model.containsValue(name, "C", true));
            assertThat(lines.contains(name, "CLOSE", true)).isEqualTo(model.contains(name, "CLOSE", true));
        }
        StringBuilder written = new StringBuilder();
        for (Map.Entry<String, String> field : model) {
            written.append(field.getKey()).append(": ").append(field.getValue()).append("\r\n");
        }
        assertThat(encoded(lines)).isEqualTo(written.toString());
    }

    @Test
    void readsADate() {
        HttpHeaders lines = new FieldLines()
                .add("Date", Date.from(Instant.ofEpochSecond(1)))
                .add("Expires", "-1");
        assertThat(lines.getTimeMillis("date")).isEqualTo(1_000);
        assertThat(lines.getTimeMillis("expires")).isNull();
        assertThat(lines.getTimeMillis("absent", 7)).isEqualTo(7);
    }

    // What is written

    /** If it breaks: applications that mind the letter case or the order of fields see another request than was sent. */
    @Test
    void passesOnWhatCameAsItCame() throws MalformedFields {
        String came = "hOST: a\r\nX-b: 1\r\nx-B: 2\r\nAccept: */*\r\n";
        assertThat(encoded(parsed(came))).isEqualTo(came);
    }

    /** If it breaks: an application that trims in another way than we do sees another value, or another length of a body. */
    @Test
    void spellsALineAnewThatIsNotSpelledInTheUsualWay() throws MalformedFields {
        assertThat(encoded(parsed("A:1\r\nB:  2\r\nC: 3 \t\r\nD:\t4\r\nE:\r\nF: \r\nG: 5\r\n")))
                .isEqualTo("A: 1\r\nB: 2\r\nC: 3\r\nD: 4\r\nE: \r\nF: \r\nG: 5\r\n");
    }

    @Test
    void isMadeOfNothing() throws MalformedFields {
        assertThat(encoded(new FieldLines())).isEmpty();
        assertThat(encoded(parsed(""))).isEmpty();
        assertThat(new FieldLines().get("")).isNull();
    }

    // What is added is checked

    /** If it breaks: a client that gets a line end into a value that the proxy adds has smuggled a request. */
    @ParameterizedTest
    @ValueSource(strings = {"a\r\nHost: b", "a\nb", "a\0b", "a\rb", "a\u007f", "\u0100", "\u560a"})
    void refusesAValueThatIsMoreThanAValue(String value) throws MalformedFields {
        FieldLines lines = parsed("A: 1\r\n");
        assertThatThrownBy(() -> lines.add("B", value)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> lines.set("A", value)).isInstanceOf(IllegalArgumentException.class);
        assertThat(encoded(lines)).isEqualTo("A: 1\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a:", "a\r\nb", "\u00e9", "\u0141", "a\0"})
    void refusesANameThatIsNoToken(String name) throws MalformedFields {
        FieldLines lines = parsed("A: 1\r\n");
        assertThatThrownBy(() -> lines.add(name, "1")).isInstanceOf(IllegalArgumentException.class);
        assertThat(encoded(lines)).isEqualTo("A: 1\r\n");
    }

    // What is received is checked

    @ParameterizedTest
    @ValueSource(
            strings = {
                "A : 1\r\n",
                ": 1\r\n",
                "A\r\n",
                " A: 1\r\n",
                "A: 1\r\n b\r\n",
                "A: 1\r\n\tb\r\n",
                "A: 1\n",
                "A: 1\r",
                "A: 1",
                "A",
                "A: 1\nB: 2\r\n",
                "A: 1\rB: 2\r\n",
                "A: 12345678\0\r\n",
                "A: 123456789\u0001234567\r\n",
                "A: 1\u007f\r\n",
                "A: 1234567890123456\u007f78\r\n",
                "\u00e9: 1\r\n",
                "A: 1\r\n\r\n",
            })
    void refusesLinesThatOthersMayReadOtherwise(String lines) {
        assertThatThrownBy(() -> parsed(lines)).isInstanceOf(MalformedFields.class);
    }

    @Test
    void refusesMoreLinesThanAllowed() throws MalformedFields {
        byte[] octets = "A: 1\r\nB: 2\r\n".getBytes(ISO_8859_1);
        assertThat(FieldLineParser.parse(octets.clone(), 0, octets.length, 2).size())
                .isEqualTo(2);
        assertThatThrownBy(() -> FieldLineParser.parse(octets, 0, octets.length, 1))
                .isInstanceOfSatisfying(
                        MalformedFields.class, e -> assertThat(e.isTooMany()).isTrue());
    }

    /** Eight octets are looked at at once: each octet must be found at each place, and none must be found where it is not. */
    @Test
    void findsEachControlCharacterAtEachPlace() throws MalformedFields {
        for (int octet = 0; octet < 256; octet++) {
            boolean allowed = octet == '\t' || (octet >= ' ' && octet != 0x7F);
            for (int at = 1; at < 20; at++) {
                String value = "v".repeat(at) + (char) octet + "\u00ff".repeat(20 - at);
                if (allowed) {
                    assertThat(parsed("A: " + value + "\r\n").get("a")).isEqualTo(value);
                } else {
                    assertThatThrownBy(() -> parsed("A: " + value + "\r\n"))
                            .as("octet %s at %s", octet, at)
                            .isInstanceOf(MalformedFields.class);
                }
            }
        }
    }
}
