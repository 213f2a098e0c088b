package io.portcullis.core.net;

import static io.portcullis.core.net.Literals.address;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A wrong address bans the wrong person, so reading and writing are held against the JDK's and the RFCs'. */
final class IpAddressTest {

    private static final int ROUNDS = 20_000;

    @Test
    void readsWhatTheJdkWrites() throws UnknownHostException {
        Random random = new Random(1);
        for (int i = 0; i < ROUNDS; i++) {
            byte[] bytes = sparseBytes(random, random.nextBoolean() ? 4 : 16);
            InetAddress expected = InetAddress.getByAddress(bytes);
            IpAddress address = IpAddress.ofBytes(bytes);
            assertThat(IpAddress.parse(expected.getHostAddress())).isEqualTo(address);
            assertThat(address.toInetAddress()).isEqualTo(expected);
            assertThat(IpAddress.of(expected)).isEqualTo(address);
        }
    }

    @Test
    void whatItWritesIsReadBackByItselfAndByTheJdk() throws UnknownHostException {
        Random random = new Random(2);
        for (int i = 0; i < ROUNDS; i++) {
            IpAddress address = IpAddress.ofBytes(sparseBytes(random, 16));
            String text = address.toString();
            assertThat(IpAddress.parse(text)).isEqualTo(address);
            assertThat(InetAddress.getByName(text)).isEqualTo(address.toInetAddress());
        }
    }

    @Test
    void readsNothingThatTheJdkReadsAsAnotherAddress() throws UnknownHostException {
        Random random = new Random(3);
        int read = 0;
        for (int i = 0; i < 10 * ROUNDS; i++) {
            String text = randomText(random, "0123456789abf::..", 18);
            IpAddress address = IpAddress.parse(text);
            if (address != null) {
                read++;
                assertThat(InetAddress.getByName(text)).as(text).isEqualTo(address.toInetAddress());
            }
        }
        assertThat(read).as("the fuzz reaches the good path too").isGreaterThan(100);
    }

    @Test
    void readsAPartOfATextAsItReadsTheWhole() {
        Random random = new Random(4);
        for (int i = 0; i < ROUNDS; i++) {
            String text = randomText(random, "01f:.", 12);
            String before = randomText(random, "0:.f", 3);
            String after = randomText(random, "0:.f", 3);
            IpAddress part = IpAddress.parse(before + text + after, before.length(), before.length() + text.length());
            assertThat(part).as("%s in %s|%s", text, before, after).isEqualTo(IpAddress.parse(text));
        }
    }

    @ParameterizedTest
    @CsvSource({
        // RFC 5952 section 4
        "2001:0db8::0001, 2001:db8::1",
        "2001:db8:0:0:0:0:2:1, 2001:db8::2:1",
        "2001:db8::1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:DB8::AbCd, 2001:db8::abcd",
        // the edges of the shortened run
        "0:0:0:0:0:0:0:0, ::",
        "0:0:0:0:0:0:0:1, ::1",
        "1:0:0:0:0:0:0:0, 1::",
        "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
        "::2:3:4:5:6:7:8, 0:2:3:4:5:6:7:8",
        "0:0:1:1:1:1:0:0, ::1:1:1:1:0:0",
        "64:ff9b::192.0.2.33, 64:ff9b::c000:221",
        "1:2:3:4:5:6:192.0.2.1, 1:2:3:4:5:6:c000:201",
    })
    void writesTheCanonicalForm(String text, String canonical) {
        assertThat(IpAddress.parse(text)).hasToString(canonical);
    }

    @ParameterizedTest
    @ValueSource(strings = {"::ffff:192.0.2.1", "::FFFF:c000:0201", "0:0:0:0:0:ffff:192.0.2.1", "192.0.2.1"})
    void anIpv4MappedAddressIsTheIpv4AddressSoThatNobodyEscapesABanByTheSocketsFamily(String text) {
        IpAddress address = address(text);
        assertThat(address).isEqualTo(IpAddress.ofIpv4(0xC0000201)).hasToString("192.0.2.1");
        assertThat(address.isIpv4()).isTrue();
    }

    @Test
    void anIpv4CompatibleAddressIsNoIpv4Address() {
        assertThat(address("::192.0.2.1").isIpv4()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "1",
                "1.2",
                "1.2.3",
                "1.2.3.4.5",
                "1.2.3.4.",
                ".1.2.3.4",
                "1..2.3",
                "1.2.3.256",
                "1.2.3.999",
                "01.2.3.4",
                "1.2.3.00",
                "1.2.3.0004",
                "0x7f.0.0.1",
                "127.1",
                "2130706433",
                "1.2.3.-4",
                "+1.2.3.4",
                " 1.2.3.4",
                "1.2.3.4 ",
                "1.2.3.4:80",
                "1.2.3.4/24",
                "١.2.3.4",
                "1,2,3,4",
                ":",
                ":::",
                "::::",
                "1:",
                ":1",
                "1::2::3",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7:8::",
                "::1:2:3:4:5:6:7:8",
                "1:2:3:4::5:6:7:8",
                "1:2:3:4:5:6:7:",
                ":2:3:4:5:6:7:8",
                "12345::",
                "00001::",
                "g::",
                "-1::",
                "::1%eth0",
                "[::1]",
                "::1.2.3",
                "::1.2.3.4.5",
                "::1.2.3.256",
                "1:2:3:4:5:6:7:1.2.3.4",
                "::1.2.3.4:5",
                "1.2.3.4::",
                "::ffff:1.2.3.4/96",
                "::１",
                "1::2:"
            })
    void refusesWhatOtherParsersGuessAt(String text) {
        assertThat(IpAddress.parse(text)).isNull();
    }

    @Test
    void refusesByteArraysOfAnotherLength() {
        assertThatThrownBy(() -> IpAddress.ofBytes(new byte[5])).hasMessage("length: 5 (expected: 4 or 16)");
    }

    @Test
    void ordersByBits() {
        Random random = new Random(5);
        for (int i = 0; i < ROUNDS; i++) {
            byte[] a = sparseBytes(random, 16);
            byte[] b = sparseBytes(random, 16);
            assertThat(Integer.signum(IpAddress.ofBytes(a).compareTo(IpAddress.ofBytes(b))))
                    .isEqualTo(Integer.signum(Arrays.compareUnsigned(a, b)));
        }
    }

    @Test
    void truncatesBitByBit() {
        Random random = new Random(6);
        for (int prefix = 0; prefix <= 128; prefix++) {
            byte[] bytes = new byte[16];
            random.nextBytes(bytes);
            IpAddress truncated = IpAddress.ofBytes(bytes).truncate(prefix);
            for (int bit = prefix; bit < 128; bit++) {
                bytes[bit / 8] &= (byte) ~(0x80 >> bit % 8);
            }
            assertThat(truncated).isEqualTo(IpAddress.ofBytes(bytes));
        }
    }

    /** Bytes with many zeros, so that runs of zero groups, and IPv4-mapped addresses, are common. */
    static byte[] sparseBytes(Random random, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = random.nextInt(3) == 0 ? (byte) random.nextInt(256) : 0;
        }
        if (length == 16 && random.nextInt(8) == 0) {
            Arrays.fill(bytes, 0, 10, (byte) 0);
            Arrays.fill(bytes, 10, 12, (byte) 0xFF);
        }
        return bytes;
    }

    static String randomText(Random random, String alphabet, int maxLength) {
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(maxLength + 1);
        for (int i = 0; i < length; i++) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }
}
