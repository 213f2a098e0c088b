package io.portcullis.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.core.net.Cidr;
import io.portcullis.core.net.IpAddress;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class AddressFileTest {

    private final List<String> seen = new ArrayList<>();

    @Test
    void plainIpv4LinesAreTakenWithoutText() throws IOException {
        assertThat(read("192.0.2.1\n0.0.0.0/0\n255.255.255.255/32\n10.0.0.0/8")).isEqualTo(4);
        assertThat(seen).containsExactly("192.0.2.1/32", "0.0.0.0/0", "255.255.255.255/32", "10.0.0.0/8");
    }

    @Test
    void whateverEndsALineItsNumberIsTheEditors() throws IOException {
        assertThat(read("a\nb\r\nc\rd\n\n\re")).isEqualTo(7);
        assertThat(seen).containsExactly("1:a", "2:b", "3:c", "4:d", "7:e");
    }

    @Test
    void whatIsNoPlainAddressIsHandedOverAsText() throws IOException {
        read(
                "192.0.2.1 # home\n# only a comment\n  \n1.2.3\n1.2.3.256\n01.2.3.4\n1.2.3.4/33\n1.2.3.4/24\n1.2.3.4.5\n::1\n");
        assertThat(seen)
                .containsExactly(
                        "1:192.0.2.1",
                        "4:1.2.3",
                        "5:1.2.3.256",
                        "6:01.2.3.4",
                        "7:1.2.3.4/33",
                        "8:1.2.3.4/24",
                        "9:1.2.3.4.5",
                        "10:::1");
    }

    @Test
    void aLineOfAnyLengthIsHeldInLittleMemory() throws IOException {
        read("# " + "é".repeat(100_000) + "\nx" + "y".repeat(200_000) + "\n192.0.2.1\n");
        assertThat(seen).hasSize(2);
        assertThat(seen.get(0)).startsWith("2:xy").hasSizeLessThan(2_000);
        assertThat(seen.get(1)).isEqualTo("192.0.2.1/32");
    }

    /** The two ways to read a line must not disagree about what is an address. */
    @Test
    void takesWithoutTextExactlyWhatTheParserTakes() throws IOException {
        Random random = new Random(7);
        String characters = "0123456789../ 25";
        for (int i = 0; i < 100_000; i++) {
            StringBuilder line = new StringBuilder(i % 2 == 0 ? "" : "10.2.3.");
            for (int length = random.nextInt(12); length >= 0; length--) {
                line.append(characters.charAt(random.nextInt(characters.length())));
            }
            seen.clear();
            read(line.toString());
            Cidr parsed = Cidr.parse(line.toString());
            String expected = parsed == null ? "" : canonical(parsed);
            String plain = seen.isEmpty() || seen.get(0).startsWith("1:") ? "" : seen.get(0);
            if (!plain.isEmpty()) {
                assertThat(plain).as(line.toString()).isEqualTo(expected);
            } else if (parsed != null) {
                assertThat(line.toString()).as("has bits after its prefix").isNotEqualTo(parsed.toString());
            }
        }
    }

    private static String canonical(Cidr block) {
        return block.prefixLength() == 128 ? block + "/32" : block.toString();
    }

    private int read(String text) throws IOException {
        return AddressFile.read(
                new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), new AddressFile.Lines() {
                    @Override
                    public void ipv4(int bits, int prefixLength) {
                        seen.add(IpAddress.ofIpv4(bits) + "/" + prefixLength);
                    }

                    @Override
                    public void text(int number, String line) {
                        seen.add(number + ":" + line);
                    }
                });
    }
}
