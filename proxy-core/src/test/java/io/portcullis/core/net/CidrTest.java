package io.portcullis.core.net;

import static io.portcullis.core.net.Literals.address;
import static io.portcullis.core.net.Literals.block;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CidrTest {

    @ParameterizedTest
    @CsvSource({
        "192.0.2.0/24, 192.0.2.0/24",
        "192.0.2.77/24, 192.0.2.0/24",
        "192.0.2.1, 192.0.2.1",
        "192.0.2.1/32, 192.0.2.1",
        "0.0.0.0/0, 0.0.0.0/0",
        "2001:db8:1::/32, 2001:db8::/32",
        "::/0, ::/0",
        "::1/128, ::1",
        "::ffff:10.0.0.0/104, 10.0.0.0/8",
        "::ffff:0:0/96, 0.0.0.0/0",
    })
    void readsBlocksAndWritesThemInOneForm(String text, String canonical) {
        assertThat(Cidr.parse(text)).hasToString(canonical);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/8",
                "10.0.0.0/",
                "10.0.0.0/33",
                "10.0.0.0/08",
                "10.0.0.0/-1",
                "10.0.0.0/8 ",
                "10.0.0.0/8/8",
                "10/8",
                "::/129",
                "::/0128",
                "::/1000",
                "10.0.0.0/255.0.0.0",
                "localhost"
            })
    void refusesWhatIsNoBlock(String text) {
        assertThat(Cidr.parse(text)).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.5/24, true",
        "192.0.2.0/24, false",
        "192.0.2.128/24, true",
        "192.0.2.5/32, false",
        "192.0.2.5, false",
        "0.0.0.1/0, true",
        "2001:db8::1/32, true",
        "2001:db8:1::/32, true",
        "2001:db8::/32, false",
        "2001:db8:0:1::/64, false",
        "::1/128, false",
        "::ffff:10.0.0.1/104, true",
        "::ffff:10.0.0.0/104, false",
        "10.0.0.1/33, false",
        "localhost/8, false",
        "/, false",
    })
    void tellsABlockThatIsWrittenWithMoreThanItsPrefix_orATypoTrustsAWholeNetwork(String text, boolean hostBits) {
        assertThat(Cidr.hasHostBits(text)).isEqualTo(hostBits);
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.255.255, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "10.0.0.0/8, ::ffff:10.1.2.3, true",
        "10.0.0.0/8, ::10.1.2.3, false",
        "0.0.0.0/0, 2001:db8::1, false",
        "::/0, 192.0.2.1, true",
        "2001:db8::/65, 2001:db8::7fff:0:0:1, true",
        "2001:db8::/65, 2001:db8::8000:0:0:1, false",
        "2001:db8::/63, 2001:db8:0:1::, true",
        "2001:db8::/63, 2001:db8:0:2::, false",
    })
    void containsTheAddressesThatShareThePrefix(String block, String address, boolean contained) {
        assertThat(block(block).contains(address(address))).isEqualTo(contained);
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.255.255",
        "192.0.2.1, 192.0.2.1",
        "::/0, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "2001:db8::/64, 2001:db8::ffff:ffff:ffff:ffff",
        "2001:db8::/127, 2001:db8::1",
    })
    void knowsItsLastAddress(String block, String last) {
        assertThat(block(block).last()).hasToString(last);
    }

    @Test
    void refusesAPrefixLengthOutOfRange() {
        assertThatThrownBy(() -> new Cidr(IpAddress.ofIpv4(0), 129))
                .hasMessage("prefixLength: 129 (expected: 0 to 128)");
    }
}
