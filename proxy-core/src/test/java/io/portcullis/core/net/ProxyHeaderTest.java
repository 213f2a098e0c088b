package io.portcullis.core.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.core.net.ProxyHeader.Incomplete;
import io.portcullis.core.net.ProxyHeader.Malformed;
import io.portcullis.core.net.ProxyHeader.Own;
import io.portcullis.core.net.ProxyHeader.PassedOn;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is banned behind a balancer that speaks the PROXY protocol depends on this. */
class ProxyHeaderTest {

    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
    private static final String FOUR = "c0000207" + "c6336401" + "dc04" + "01bb"; // 192.0.2.7:56324 to 198.51.100.1:443

    private static ProxyHeader read(String octets) {
        byte[] bytes = octets.getBytes(ISO_8859_1);
        return ProxyHeader.read(bytes, bytes.length);
    }

    private static ProxyHeader readHex(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        return ProxyHeader.read(bytes, bytes.length);
    }

    private static String v2(String commandAndFamily, String rest) {
        return SIGNATURE + commandAndFamily + String.format("%04x", rest.length() / 2) + rest;
    }

    private static IpAddress address(String text) {
        IpAddress parsed = IpAddress.parse(text);
        assertThat(parsed).isNotNull();
        return parsed == null ? IpAddress.ofIpv4(0) : parsed;
    }

    @Test
    void version1NamesTheClient_orABanHitsTheBalancer() {
        String line = "PROXY TCP4 192.0.2.7 198.51.100.1 56324 443\r\n";
        assertThat(read(line + "GET / HTTP/1.1\r\n")).isEqualTo(new PassedOn(line.length(), address("192.0.2.7"), 443));
        String six = "PROXY TCP6 2001:db8::7 2001:db8::1 1 80\r\n";
        assertThat(read(six)).isEqualTo(new PassedOn(six.length(), address("2001:db8::7"), 80));
    }

    @Test
    void version2NamesTheClient_orABanHitsTheBalancer() {
        assertThat(readHex(v2("2111", FOUR) + "474554")).isEqualTo(new PassedOn(28, address("192.0.2.7"), 443));
        String six = "20010db8000000000000000000000007" + "20010db8000000000000000000000001" + "0001" + "0050";
        assertThat(readHex(v2("2121", six))).isEqualTo(new PassedOn(52, address("2001:db8::7"), 80));
    }

    @Test
    void anIpv4ClientInAnIpv6HeaderIsTheSameClient_orABanIsEvadedThroughAnotherBalancer() {
        String mapped = "00000000000000000000ffffc0000207" + "00000000000000000000ffffc6336401" + "0001" + "01bb";
        assertThat(readHex(v2("2121", mapped))).isEqualTo(new PassedOn(52, address("192.0.2.7"), 443));
    }

    @Test
    void aHealthCheckIsTheProxysOwn_orItsConnectionsAreRefused() {
        assertThat(readHex(v2("2000", ""))).isEqualTo(new Own(16));
        assertThat(readHex(v2("2011", FOUR))).isEqualTo(new Own(28));
        assertThat(read("PROXY UNKNOWN\r\n")).isEqualTo(new Own(15));
        assertThat(read("PROXY UNKNOWN ffff:: whatever\r\nx")).isEqualTo(new Own(31));
    }

    @ParameterizedTest
    @ValueSource(strings = {"00", "12", "22", "31", "32"})
    void aFamilyWithoutTcpAddressesNamesNobody(String family) {
        assertThat(readHex(v2("21" + family, "00".repeat(216)))).isEqualTo(new Own(16 + 216));
    }

    @Test
    void valuesThatFollowAreSkipped_orBalancersThatSendThemAreRefused() {
        assertThat(readHex(v2("2111", FOUR + "01000268" + "32" + "ea0000")))
                .isEqualTo(new PassedOn(36, address("192.0.2.7"), 443));
    }

    @Test
    void aHeaderThatComesOctetByOctetIsWaitedFor() {
        byte[] text = "PROXY TCP4 192.0.2.7 198.51.100.1 56324 443\r\n".getBytes(ISO_8859_1);
        byte[] binary = HexFormat.of().parseHex(v2("2111", FOUR + "040000"));
        for (byte[] header : new byte[][] {text, binary}) {
            for (int available = 0; available < header.length; available++) {
                assertThat(ProxyHeader.read(header, available)).isEqualTo(Incomplete.INCOMPLETE);
            }
            assertThat(ProxyHeader.read(header, header.length)).isInstanceOf(PassedOn.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n",
                "P",
                "PROXX",
                "PROXY  TCP4 192.0.2.7 198.51.100.1 1 2\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 1\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 1 2 3\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 01 2\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 +1 2\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 1 65536\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 1 \r\n",
                "PROXY TCP4 192.0.2.07 198.51.100.1 1 2\r\n",
                "PROXY TCP4 192.0.2 198.51.100.1 1 2\r\n",
                "PROXY TCP4 2001:db8::7 2001:db8::1 1 2\r\n",
                "PROXY TCP6 192.0.2.7 198.51.100.1 1 2\r\n",
                "PROXY TCP6 2001:db8::7%1 2001:db8::1 1 2\r\n",
                "PROXY UDP4 192.0.2.7 198.51.100.1 1 2\r\n",
                "PROXY tcp4 192.0.2.7 198.51.100.1 1 2\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 1 2\n\r\n",
                "PROXY TCP4 a b c d\r\n",
                "\u0016\u0003\u0001"
            })
    void whatIsNoVersion1HeaderIsNobodysAddress(String octets) {
        ProxyHeader header = read(octets);
        if (octets.equals("P")) {
            assertThat(header).isEqualTo(Incomplete.INCOMPLETE);
        } else {
            assertThat(header).isInstanceOf(Malformed.class);
        }
    }

    @Test
    void aLineWithoutEndIsGivenUp_orAStrangerFillsTheMemory() {
        assertThat(read("PROXY UNKNOWN " + "x".repeat(92))).isEqualTo(Incomplete.INCOMPLETE);
        assertThat(read("PROXY UNKNOWN " + "x".repeat(93))).isInstanceOf(Malformed.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1111", "3111", "2211", "2f11", "2113", "2141", "21ff"})
    void whatVersion2DoesNotKnowIsMalformed(String commandAndFamily) {
        assertThat(readHex(v2(commandAndFamily, FOUR))).isInstanceOf(Malformed.class);
    }

    @Test
    void lengthsThatLieAreMalformed_orOctetsOfTheRequestAreTakenForAnAddress() {
        assertThat(readHex(v2("2111", FOUR.substring(2)))).isInstanceOf(Malformed.class);
        assertThat(readHex(v2("2121", FOUR))).isInstanceOf(Malformed.class);
        assertThat(readHex(v2("2111", FOUR + "04000100"))).isInstanceOf(PassedOn.class);
        assertThat(readHex(v2("2111", FOUR + "040002aa"))).isInstanceOf(Malformed.class);
        assertThat(readHex(v2("2111", FOUR + "0400"))).isInstanceOf(Malformed.class);
        assertThat(readHex(SIGNATURE + "2111" + "0ff1")).isInstanceOf(Malformed.class);
        assertThat(readHex(SIGNATURE + "2111" + "0ff0")).isEqualTo(Incomplete.INCOMPLETE);
    }

    @Test
    void aWrongChecksumIsNoticed_orADamagedHeaderBansSomebodyElse() {
        byte[] header = HexFormat.of().parseHex(v2("2111", FOUR + "030004" + "00000000" + "040000"));
        CRC32C crc = new CRC32C();
        crc.update(header);
        ByteBuffer.wrap(header).putInt(31, (int) crc.getValue());
        assertThat(ProxyHeader.read(header, header.length)).isInstanceOf(PassedOn.class);
        header[19] ^= 1;
        assertThat(ProxyHeader.read(header, header.length)).isInstanceOf(Malformed.class);
        assertThat(readHex(v2("2111", FOUR + "030003" + "000000"))).isInstanceOf(Malformed.class);
    }

    @Test
    void whateverComesIsReadWithoutAnException_orOneConnectionEndsAnEventLoop() {
        Random random = new Random(4);
        byte[] valid =
                HexFormat.of().parseHex(v2("2111", FOUR + "030004" + "00000000" + "200008" + "0100000000" + "210000"));
        for (int round = 0; round < 200_000; round++) {
            byte[] header = Arrays.copyOf(valid, valid.length + random.nextInt(8));
            for (int change = random.nextInt(4); change > 0; change--) {
                header[12 + random.nextInt(header.length - 12)] = (byte) random.nextInt();
            }
            int available = random.nextInt(header.length + 1);
            ProxyHeader read = ProxyHeader.read(header, available);
            if (read instanceof PassedOn passedOn) {
                assertThat(passedOn.length()).isBetween(28, available);
            } else if (read instanceof Own own) {
                assertThat(own.length()).isBetween(16, available);
            }
        }
    }

    @Test
    void whatABalancerSendsBeforeARequestIsNotTakenForPartOfIt() {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        octets.writeBytes(HexFormat.of().parseHex(v2("2111", FOUR)));
        octets.writeBytes("GET / HTTP/1.1\r\n\r\n".getBytes(ISO_8859_1));
        assertThat(ProxyHeader.read(octets.toByteArray(), octets.size()))
                .isEqualTo(new PassedOn(28, address("192.0.2.7"), 443));
    }

    @Test
    void whatIsWrittenIsRead_orAnApplicationBehindTakesAnotherForTheClient() {
        ProxyHeader.End four = new ProxyHeader.End(address("192.0.2.7"), 56324);
        ProxyHeader.End six = new ProxyHeader.End(address("2001:db8::7"), 65535);
        byte[] header = ProxyHeader.write(four, new ProxyHeader.End(address("198.51.100.1"), 443));
        assertThat(HexFormat.of().formatHex(header)).isEqualTo(v2("2111", FOUR));
        header = ProxyHeader.write(six, four);
        assertThat(ProxyHeader.read(header, header.length)).isEqualTo(new PassedOn(52, six.address(), 56324));
        header = ProxyHeader.write(four, six);
        assertThat(ProxyHeader.read(header, header.length)).isEqualTo(new PassedOn(52, four.address(), 65535));
    }
}
