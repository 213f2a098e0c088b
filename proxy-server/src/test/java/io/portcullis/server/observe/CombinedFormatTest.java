package io.portcullis.server.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.TimeZone;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class CombinedFormatTest {
    /** How fail2ban, GoAccess and many scripts take nginx's line apart. */
    private static final Pattern LINE =
            Pattern.compile("\\S+ - (\\S+) \\[[^\\]\"]+\\] \"[^\"]*\" \\d+ \\d+ \"[^\"]*\" \"[^\"]*\"\n");

    private final CombinedFormat format = new CombinedFormat(Records.UTC);

    @Test
    void isTheLineThatNginxWrites() {
        AccessRecord entry = Records.get("/admin?x=1")
                .status(403)
                .referer("https://shop.example/")
                .userAgent("curl/8.0")
                .authorization(BasicUserTest.basic("alice:secret"))
                .build();
        assertThat(Records.line(format, entry))
                .isEqualTo("192.0.2.7 - alice [22/Nov/2026:18:00:00 +0000] \"GET /admin?x=1 HTTP/1.1\" 403 548"
                        + " \"https://shop.example/\" \"curl/8.0\"\n");
    }

    @Test
    void whatIsAbsentIsADashAsInNginx() {
        AccessRecord entry = AccessRecord.builder(Records.START, Records.PEER, Records.PEER)
                .status(400)
                .build();
        assertThat(Records.line(format, entry))
                .isEqualTo("2001:db8::1 - - [22/Nov/2026:18:00:00 +0000] \"-\" 400 0 \"-\" \"-\"\n");
    }

    @Test
    void anEmptyFieldIsNotAnAbsentOne() {
        assertThat(Records.line(format, Records.get("/").userAgent("").build())).endsWith(" \"-\" \"\"\n");
    }

    @Test
    void theTimeIsTheExchangesEndInTheGivenZone() {
        CombinedFormat kolkata = new CombinedFormat(new LocalTimes(TimeZone.getTimeZone("Asia/Kolkata")));
        AccessRecord entry = Records.get("/").durationMicros(993_000).build();
        assertThat(Records.line(kolkata, entry)).contains(" [22/Nov/2026:23:30:01 +0530] ");
        assertThat(Records.line(kolkata, Records.get("/").build()))
                .as("an earlier second after a later one")
                .contains(" [22/Nov/2026:23:30:00 +0530] ");
    }

    @Test
    void escapesAsNginxDoes() {
        AccessRecord entry = Records.get("/\"\\\u0000\u001f\u007f\u00e9~")
                .userAgent("\r\n\t\u001b[31m")
                .build();
        assertThat(Records.line(format, entry))
                .contains("\"GET /\\x22\\x5C\\x00\\x1F\\x7F\\xE9~ HTTP/1.1\"")
                .endsWith("\"\\x0D\\x0A\\x09\\x1B[31m\"\n");
    }

    @Test
    void aCharacterThatIsNoByteIsWrittenAsItsUtf8Bytes() {
        assertThat(Records.line(format, Records.get("/\u2028\uD83D\uDE00").build()))
                .contains("/\\xE2\\x80\\xA8\\xF0\\x9F\\x98\\x80 ");
    }

    @Test
    void aUserNameCannotPretendToBeOtherFields() {
        String forged = "x [01/Jan/2026] \"GET / HTTP/1.1\" 200 0 \"-\" \"-\"\n10.0.0.1 - y";
        AccessRecord entry = Records.get("/")
                .authorization(BasicUserTest.basic(forged + ":z"))
                .build();
        assertThat(Records.line(format, entry)).matches(LINE).contains("x\\x20[01/Jan/2026]\\x20\\x22GET\\x20");
    }

    @Test
    void noTextFromAStrangerLeavesItsField() {
        for (String nasty : NastyTexts.all()) {
            String line = Records.line(format, Records.everywhere(nasty));
            assertThat(line).as("%s", nasty).matches("[\\x20-\\x7e]+\n").matches(LINE);
        }
    }

    @Test
    void aPasswordIsNeverWritten() {
        AccessRecord entry = Records.get("/")
                .authorization(BasicUserTest.basic("alice:hunter2"))
                .build();
        assertThat(Records.line(format, entry)).doesNotContain("hunter2", "YWxpY2");
        assertThat(entry.toString()).doesNotContain("hunter2", "YWxpY2");
    }
}
