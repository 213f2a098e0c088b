package io.portcullis.server.observe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import org.junit.jupiter.api.Test;

class BasicUserTest {
    static String basic(String credentials) {
        return "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(UTF_8));
    }

    @Test
    void theNameIsWhatStandsBeforeTheFirstColon() {
        assertThat(BasicUser.of(basic("alice:secret"))).isEqualTo("alice");
        assertThat(BasicUser.of(basic("alice:a:b"))).isEqualTo("alice");
        assertThat(BasicUser.of(basic("alice:"))).isEqualTo("alice");
        assertThat(BasicUser.of("bAsIc   YWxpY2U6eA"))
                .as("any case, any blanks, no padding")
                .isEqualTo("alice");
    }

    @Test
    void aNameBeyondAsciiComesAsItsBytes() {
        String bytes = new String("Zoë".getBytes(UTF_8), ISO_8859_1);
        assertThat(BasicUser.of(basic("Zoë:x"))).isEqualTo(bytes);
    }

    @Test
    void whatHoldsNoNameIsNoUser() {
        assertThat(BasicUser.of(null)).isNull();
        assertThat(BasicUser.of("")).isNull();
        assertThat(BasicUser.of("Basic")).isNull();
        assertThat(BasicUser.of("Basic ")).isNull();
        assertThat(BasicUser.of("Bearer YWxpY2U6eA==")).isNull();
        assertThat(BasicUser.of("Basic !!!")).isNull();
        assertThat(BasicUser.of(basic("no colon, so it may be a password alone")))
                .isNull();
        assertThat(BasicUser.of(basic(":secret"))).isNull();
    }
}
