package io.portcullis.server.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.netty.buffer.Unpooled;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds the line before a chunk to RFC 9112 section 7.1: what two readers could cut differently is refused. */
class ChunkLineTest {

    private static long size(String line) throws MalformedMessage {
        byte[] octets = line.getBytes(ISO_8859_1);
        return ChunkLine.size(octets, octets.length, 15);
    }

    @ParameterizedTest
    @CsvSource({"0,0", "000,0", "a,10", "F,15", "1fF,511", "7FFFFFFFFFFFFFF,576460752303423487"})
    void readsASize(String line, long expected) throws MalformedMessage {
        assertThat(size(line)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "5;a",
                "5 ; a",
                "5\t;\ta",
                "5;a=b",
                "5;a = b;c",
                "5;a=\"b\"",
                "5;a=\"\"",
                "5;a=\"x;y\"",
                "5;a=\"x\\\"y\"",
                "5;a=\"x\\\\\"",
                "5;a=\"\u00e4 \t\"",
                "5;a;b=c;d=\"e\""
            })
    void readsOverExtensions_orAnHonestClientsBodyIsRefused(String line) throws MalformedMessage {
        assertThat(size(line)).isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "5 ",
                "5;",
                "5;;a",
                "5;a;",
                "5;a ",
                "5;=b",
                "5;a=",
                "5;a=;b",
                "5;a=b c",
                "5;a=b=c",
                "5;a=b\"c\"",
                "5;a=\"b\"c",
                "5;a=\"b",
                "5;a=\"b\\\"",
                "5;a=\"b\\",
                "5;a=\"b\r\"",
                "5;a=\"b\\\r\"",
                "5;a=\"b\u0000\"",
                "5;a\u0000",
                "5;\u00e4",
                "5;a=\u00e4",
                "5,a",
                "5 a"
            })
    void refusesExtensionsThatAreNone_orTheyHideALineEndFromTheNextReader(String line) {
        assertThatExceptionOfType(MalformedMessage.class)
                .isThrownBy(() -> size(line))
                .withMessage("malformed chunk extension");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ";a", "g", "-1", "+1", " 1", "\u0661", "\u00b2"})
    void refusesASizeThatIsNone(String line) {
        assertThatExceptionOfType(MalformedMessage.class)
                .isThrownBy(() -> size(line))
                .withMessage("malformed chunk size");
    }

    @ParameterizedTest
    @ValueSource(strings = {"8000000000000000", "FFFFFFFFFFFFFFFF", "10000000000000000", "0000000000000005"})
    void refusesASizeThatCouldOverflow_orItWrapsAroundToASmallOne(String line) {
        assertThatExceptionOfType(MalformedMessage.class)
                .isThrownBy(() -> size(line))
                .withMessage("chunk size too large");
    }

    /** If it breaks: the other side ends a chunk elsewhere than we do. */
    @ParameterizedTest
    @ValueSource(ints = {1, 9, 15, 16, 255, 256, 0x1F_FFFF, Integer.MAX_VALUE})
    void whatIsWrittenIsReadAsTheSameSize(int size) throws MalformedMessage {
        String line = ChunkLine.write(Unpooled.buffer(), size).toString(ISO_8859_1);
        assertThat(line).isEqualTo(Integer.toHexString(size) + "\r\n");
        assertThat(size(line.substring(0, line.length() - 2))).isEqualTo(size);
    }
}
