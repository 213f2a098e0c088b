package io.portcullis.server.listener;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a hello holds, it names the host that it names, or none. */
class ClientHelloTest {

    private static @Nullable String serverName(byte[] hello) {
        return ClientHello.serverName(Unpooled.wrappedBuffer(hello));
    }

    @ParameterizedTest
    @CsvSource({"a.test,a.test", "A.Test,a.test", "a.test.,a.test", "127.0.0.1,127.0.0.1", "a_b.test,a_b.test"})
    void theHostIsFoundInTheFormThatVirtualHostsAreFoundBy(String name, String host) {
        assertThat(serverName(Hellos.message(name))).isEqualTo(host);
    }

    /** If it breaks: a client is judged by, or served as, a host that it did not name. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "a..test",
                "a.test\0.evil.test",
                "a.test:443",
                "[::1]",
                "::1",
                "a test",
                "a.test/",
                "\u00e4.test",
                "user@a.test"
            })
    void whatIsNoHostNamesNone(String name) {
        assertThat(serverName(Hellos.message(name))).isNull();
    }

    @Test
    void aNameOfTheGreatestLengthIsFoundAndALongerOneIsNone() {
        String longest = "a.".repeat(127) + "b";
        assertThat(serverName(Hellos.message(longest))).isEqualTo(longest);
        assertThat(serverName(Hellos.message(longest + "b"))).isNull();
        assertThat(serverName(Hellos.message("a".repeat(60_000)))).isNull();
    }

    @Test
    void aLengthThatPointsBeyondTheExtensionNamesNone() {
        assertThat(serverName(Hellos.message("a.test".getBytes(ISO_8859_1), 7))).isNull();
        assertThat(serverName(Hellos.message("a.test".getBytes(ISO_8859_1), 0xFFFF)))
                .isNull();
    }

    /** If it breaks: a few octets of a stranger's throw where nobody expects it. */
    @Test
    void aHelloThatIsCutOrHasBeenTamperedWithIsReadWithoutAnException() {
        byte[] hello = Hellos.message("a.test");
        for (int length = 0; length < hello.length; length++) {
            assertThat(serverName(Arrays.copyOf(hello, length))).isNull();
        }
        SplittableRandom random = new SplittableRandom(4);
        for (int i = 0; i < 20_000; i++) {
            byte[] tampered = hello.clone();
            for (int octets = random.nextInt(1, 4); octets > 0; octets--) {
                tampered[random.nextInt(34, tampered.length)] = (byte) random.nextInt(256);
            }
            serverName(Arrays.copyOf(tampered, random.nextInt(tampered.length + 1)));
        }
    }
}
