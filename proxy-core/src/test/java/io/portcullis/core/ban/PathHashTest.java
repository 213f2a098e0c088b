package io.portcullis.core.ban;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathHashTest {

    /** The vectors of the reference implementation: the key and the text are the bytes 0, 1, 2, and so on. */
    @ParameterizedTest
    @CsvSource({
        "0, 726fdb47dd0e0e31",
        "1, 0d6c8009d9a94f5a",
        "2, cf2794e0277187b7",
        "3, cbc9466e58fee3ce",
        "4, 93f5f5799a932462",
        "5, 7a5dbbc594ddb9f3",
        "6, 751e8fbc860ee5fb",
        "7, f723ca908e7af2ee"
    })
    void isSipHash(int length, String expected) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append((char) ((2 * i + 1) << 8 | (2 * i)));
        }

        assertThat(Long.toHexString(new PathHash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L).of(text.toString())))
                .isEqualTo(expected.replaceFirst("^0+", ""));
    }

    /** These are equal by {@link String#hashCode}; a scanner that uses such names would be seen once. */
    @Test
    void pathsThatCollideInJavaDoNotHere() {
        PathHash hash = new PathHash(1, 2);
        Set<Long> hashes = new HashSet<>();
        for (int i = 0; i < 1 << 12; i++) {
            StringBuilder path = new StringBuilder("/");
            for (int bit = 0; bit < 12; bit++) {
                path.append((i >> bit & 1) == 0 ? "Aa" : "BB");
            }
            hashes.add(hash.of(path.toString()));
        }

        assertThat(hashes).hasSize(1 << 12);
    }

    @Test
    void anotherKeyIsAnotherHash() {
        assertThat(new PathHash(1, 2).of("/.env")).isNotEqualTo(new PathHash(1, 3).of("/.env"));
    }
}
