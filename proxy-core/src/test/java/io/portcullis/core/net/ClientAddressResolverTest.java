package io.portcullis.core.net;

import static io.portcullis.core.net.Literals.address;
import static io.portcullis.core.net.Literals.blocks;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Whoever chooses the client's address chooses who is banned. Trusted here: 10.0.0.0/8 and fd00::/8. */
final class ClientAddressResolverTest {

    private static final CidrSet TRUSTED = blocks("10.0.0.0/8", "fd00::/8");
    private static final IpAddress PROXY = address("10.0.0.1");

    private final ClientAddressResolver list = new ClientAddressResolver(TRUSTED, ForwardedSyntax.ADDRESS_LIST);
    private final ClientAddressResolver forwarded = new ClientAddressResolver(TRUSTED, ForwardedSyntax.FORWARDED);

    @Test
    void whatAStrangerClaimsIsNotRead() {
        IpAddress stranger = address("192.0.2.66");
        List<String> mustNotBeRead = new ArrayList<>() {
            @Override
            public int size() {
                throw new AssertionError("read");
            }
        };
        assertThat(list.resolve(stranger, mustNotBeRead)).isEqualTo(ClientAddress.direct(stranger));
        assertThat(list.isTrusted(stranger)).isFalse();
        assertThat(list.isTrusted(address("::ffff:10.0.0.1"))).isTrue();
    }

    @Test
    void aTrustedProxyThatNamesNobodyIsItselfTheClient() {
        assertThat(list.resolve(PROXY, List.of())).isEqualTo(new ClientAddress(PROXY, PROXY, true));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "192.0.2.1 | 192.0.2.1",
                "192.0.2.1, 10.0.0.2 | 192.0.2.1",
                "6.6.6.6, 192.0.2.1, 10.0.0.2, 10.0.0.3 | 192.0.2.1",
                "6.6.6.6,192.0.2.1 | 192.0.2.1",
                "10.0.0.9, 192.0.2.1 | 192.0.2.1",
                "'  192.0.2.1\t,\t10.0.0.2 ' | 192.0.2.1",
                "192.0.2.1:4711 | 192.0.2.1",
                "192.0.2.1, 10.0.0.2:80 | 192.0.2.1",
                "2001:db8::1 | 2001:db8::1",
                "[2001:db8::1] | 2001:db8::1",
                "[2001:db8::1]:4711 | 2001:db8::1",
                "::ffff:192.0.2.1 | 192.0.2.1",
                "192.0.2.1, fd00::1, [fd00::2]:1 | 192.0.2.1",
                // all trusted: the left-most
                "10.0.0.3, 10.0.0.2 | 10.0.0.3",
            })
    void theClientIsTheFirstFromTheRightThatIsNotTrusted(String value, String client) {
        assertThat(list.resolve(PROXY, List.of(value))).isEqualTo(new ClientAddress(address(client), PROXY, true));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "6.6.6.6, unknown | 10.0.0.1",
                "6.6.6.6, unix: | 10.0.0.1",
                "6.6.6.6, | 10.0.0.1",
                "6.6.6.6, , 10.0.0.2 | 10.0.0.2",
                "6.6.6.6, garbage, 10.0.0.2 | 10.0.0.2",
                "6.6.6.6 192.0.2.1 | 10.0.0.1",
                "192.0.2.1:70000 | 10.0.0.1",
                "192.0.2.1:123456 | 10.0.0.1",
                "192.0.2.1: | 10.0.0.1",
                "192.0.2.1:x | 10.0.0.1",
                "192.0.2.1:80:80 | 10.0.0.1",
                "[192.0.2.1] | 10.0.0.1",
                "[2001:db8::1 | 10.0.0.1",
                "[2001:db8::1]80 | 10.0.0.1",
                "[2001:db8::1]: | 10.0.0.1",
                "[2001:db8::1]:x | 10.0.0.1",
                "[] | 10.0.0.1",
                "[:] | 10.0.0.1",
                "2001:db8::1%eth0 | 10.0.0.1",
                "\"192.0.2.1\" | 10.0.0.1",
                "010.0.0.2 | 10.0.0.1",
            })
    void aValueThatNamesNobodyPutsTheBlameOnTheLastGoodHopAndOnNobodyToItsLeft(String value, String client) {
        assertThat(list.resolve(PROXY, List.of(value)).client()).isEqualTo(address(client));
    }

    @Test
    void anEmptyValueEndsTheWalk() {
        assertThat(list.resolve(PROXY, List.of("6.6.6.6", "")).client()).isEqualTo(PROXY);
    }

    @Test
    void severalFieldLinesAreOneListInTheirOrder() {
        assertThat(list.resolve(PROXY, List.of("6.6.6.6", "192.0.2.1, 10.0.0.3", "10.0.0.2"))
                        .client())
                .isEqualTo(address("192.0.2.1"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // RFC 7239 section 4
                "for=192.0.2.60;proto=http;by=203.0.113.43 | 192.0.2.60",
                "for=192.0.2.43, for=10.0.0.2 | 192.0.2.43",
                "For=\"[2001:db8:cafe::17]:4711\" | 2001:db8:cafe::17",
                "for=\"192.0.2.43:47011\" | 192.0.2.43",
                "FOR=\"[2001:db8::1]:_port\" | 2001:db8::1",
                "for=192.0.2.43:80 | 192.0.2.43",
                "proto=http;for=192.0.2.43 | 192.0.2.43",
                "  for=192.0.2.43 ; proto=http  ,  for=10.0.0.2  | 192.0.2.43",
                // commas, semicolons, quotes and other elements inside a string
                "for=192.0.2.43;host=\"a,b;for=6.6.6.6\" | 192.0.2.43",
                "for=192.0.2.43;host=\"\\\", for=6.6.6.6;x=\\\"\" | 192.0.2.43",
                "for=192.0.2.43;host=\"ends in a backslash \\\\\" | 192.0.2.43",
                "for=192.0.2.43, for=10.0.0.2;host=\"a, for=6.6.6.6\" | 192.0.2.43",
                "for=\"\\1\\92.0.2.43\" | 192.0.2.43",
                // all trusted
                "for=10.0.0.3, for=\"[fd00::1]\" | 10.0.0.3",
            })
    void readsForwardedElements(String value, String client) {
        assertThat(forwarded.resolve(PROXY, List.of(value)).client()).isEqualTo(address(client));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "for=\"6.6.6.6, for=192.0.2.1 | 192.0.2.1",
                "for=\"6.6.6.6\\, for=192.0.2.1 | 192.0.2.1",
                "\", for=\"[2001:db8::1]\" | 2001:db8::1",
                "for=\", for=192.0.2.1;host=\"a,b\" | 192.0.2.1",
                ";;;=,,,\\\\\\, for=192.0.2.1 | 192.0.2.1",
            })
    void anOpenQuoteSentByAClientDoesNotSwallowWhatTheTrustedProxyAdded(String value, String client) {
        assertThat(forwarded.resolve(PROXY, List.of(value)).client()).isEqualTo(address(client));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "for=6.6.6.6, for=unknown",
                "for=6.6.6.6, for=_hidden",
                "for=6.6.6.6, for=\"_hidden:80\"",
                "for=6.6.6.6, proto=https",
                "for=6.6.6.6,",
                "for=6.6.6.6, for=",
                "for=6.6.6.6, for",
                "for=6.6.6.6, for=\"\"",
                "for=6.6.6.6, for=192.0.2.1;for=192.0.2.2",
                "for=6.6.6.6, for=192.0.2.1;",
                "for=6.6.6.6, for=192.0.2.1 proto=http",
                "for=6.6.6.6, for =192.0.2.1",
                "for=6.6.6.6, forx=192.0.2.1",
                "for=6.6.6.6, for=\"192.0.2.1\"x",
                "for=6.6.6.6; for=192.0.2.1\"",
                "for=6.6.6.6, for=192.0.2.1;host=\\\"",
                "for=6.6.6.6, for=192.0.2.1;host=\"a\\\"",
                "192.0.2.1",
            })
    void anElementThatNamesNobodyEndsTheWalkToo(String value) {
        assertThat(forwarded.resolve(PROXY, List.of(value)).client()).isEqualTo(PROXY);
    }

    @ParameterizedTest
    @EnumSource(ForwardedSyntax.class)
    void noInputThrowsOrMakesAClientOfWhatStandsLeftOfAnUntrustedHop(ForwardedSyntax syntax) {
        ClientAddressResolver resolver = new ClientAddressResolver(TRUSTED, syntax);
        String trustedPart = syntax == ForwardedSyntax.FORWARDED ? ", for=192.0.2.1;host=\"a,\\\"b\"" : ", 192.0.2.1";
        Random random = new Random(8);
        String[] pieces = {
            "for=",
            "\"",
            "\\",
            ",",
            ";",
            "=",
            " ",
            "\t",
            "10.0.0.2",
            "6.6.6.6",
            "[",
            "]",
            ":",
            "fd00::1",
            "80",
            "_",
            "é",
            "\0",
            "unknown"
        };
        for (int i = 0; i < 100_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(12); n > 0; n--) {
                text.append(pieces[random.nextInt(pieces.length)]);
            }
            assertThat(resolver.resolve(PROXY, List.of(text.toString()))).isNotNull();
            assertThat(resolver.resolve(PROXY, List.of(text + trustedPart)).client())
                    .as("%s", text)
                    .isEqualTo(address("192.0.2.1"));
        }
    }

    @ParameterizedTest
    @EnumSource(ForwardedSyntax.class)
    void randomWellFormedListsGiveTheClientThatWasWritten(ForwardedSyntax syntax) {
        ClientAddressResolver resolver = new ClientAddressResolver(TRUSTED, syntax);
        Random random = new Random(9);
        for (int i = 0; i < 20_000; i++) {
            List<IpAddress> hops = new ArrayList<>();
            for (int n = random.nextInt(6); n >= 0; n--) {
                byte[] bytes = IpAddressTest.sparseBytes(random, random.nextBoolean() ? 4 : 16);
                bytes[0] = random.nextBoolean() ? (byte) (bytes.length == 4 ? 10 : 0xfd) : 0x20;
                hops.add(IpAddress.ofBytes(bytes));
            }
            IpAddress expected = hops.get(0);
            for (IpAddress hop : hops) {
                expected = TRUSTED.contains(hop) ? expected : hop;
            }
            List<String> lines = new ArrayList<>();
            for (IpAddress hop : hops) {
                String element = syntax == ForwardedSyntax.FORWARDED ? element(random, hop) : node(random, hop);
                if (!lines.isEmpty() && random.nextBoolean()) {
                    lines.set(lines.size() - 1, lines.get(lines.size() - 1) + ", " + element);
                } else {
                    lines.add(element);
                }
            }
            assertThat(resolver.resolve(PROXY, lines).client()).as("%s", lines).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @EnumSource(ForwardedSyntax.class)
    void aLongListIsReadInLinearTime(ForwardedSyntax syntax) {
        ClientAddressResolver resolver = new ClientAddressResolver(TRUSTED, syntax);
        for (String element : List.of("10.0.0.2", "fd00::1", "[fd00::1]:1", "for=\"10.0.0.2\"", "\\\"", "\"", "")) {
            String value = String.join(",", Collections.nCopies(200_000, element));
            // A quadratic walk over a megabyte takes minutes.
            Assertions.assertTimeoutPreemptively(
                    Duration.ofSeconds(20), () -> resolver.resolve(PROXY, List.of(value)), element);
        }
    }

    private static String node(Random random, IpAddress hop) {
        String shown = hop.isIpv4() ? hop.toString() : "[" + hop + "]";
        return switch (random.nextInt(3)) {
            case 0 -> hop.toString();
            case 1 -> shown;
            default -> shown + ":" + random.nextInt(0x10000);
        };
    }

    private static String element(Random random, IpAddress hop) {
        List<String> parameters = new ArrayList<>(Arrays.asList("FOR=\"" + node(random, hop) + "\""));
        if (random.nextBoolean()) {
            parameters.add("proto=https");
        }
        if (random.nextBoolean()) {
            parameters.add("host=\"" + IpAddressTest.randomText(random, "a,;= ", 5) + "\\\"\\\\\"");
        }
        Collections.shuffle(parameters, random);
        return String.join(";", parameters);
    }
}
