package io.portcullis.core.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RequestIdTest {

    @Test
    void writesBothHalvesInFull() {
        assertThat(RequestId.of(0x0123456789abcdefL, -1L)).isEqualTo("0123456789abcdefffffffffffffffff");
        assertThat(RequestId.of(0, 1)).isEqualTo("00000000000000000000000000000001");
        assertThat(RequestId.isValid(RequestId.of(Long.MIN_VALUE, 7))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "550e8400-e29b-41d4-a716-446655440000", "Az09._-:=+/"})
    void keepsWhatProxiesSend(String id) {
        assertThat(RequestId.isValid(id)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a\nb", "a\"b", "a\\b", "é", "<a>", "a,b", "a;b", "a\u0000"})
    void refusesWhatCouldForgeALogLine(String id) {
        assertThat(RequestId.isValid(id)).isFalse();
    }

    @Test
    void refusesWhatIsTooLong() {
        assertThat(RequestId.isValid("a".repeat(RequestId.MAX_LENGTH))).isTrue();
        assertThat(RequestId.isValid("a".repeat(RequestId.MAX_LENGTH + 1))).isFalse();
    }
}
