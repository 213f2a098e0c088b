package io.portcullis.core.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.core.FuzzSeeds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Any values as X-Forwarded-For and Forwarded, one field a line. If it breaks: a client says whom its offences are counted
 * against, or for whom it is taken.
 */
class ClientAddressFuzzTest {

    private static final CidrSet TRUSTED =
            CidrSet.of(List.of(requireNonNull(Cidr.parse("10.0.0.0/8")), requireNonNull(Cidr.parse("fd00::/8"))));

    private static final IpAddress PROXY = requireNonNull(IpAddress.parse("10.0.0.1"));
    private static final IpAddress STRANGER = requireNonNull(IpAddress.parse("203.0.113.9"));

    /** @param octets the fields' values */
    public static void fuzzerTestOneInput(byte[] octets) {
        List<String> values = List.of(new String(octets, ISO_8859_1).split("\n", 16));
        check(ForwardedSyntax.ADDRESS_LIST, values, "203.0.113.9");
        check(ForwardedSyntax.FORWARDED, values, "for=203.0.113.9");
    }

    /** @param stranger an element as a trusted proxy adds it for who connected to it */
    private static void check(ForwardedSyntax syntax, List<String> values, String stranger) {
        ClientAddressResolver resolver = new ClientAddressResolver(TRUSTED, syntax);
        assertThat(resolver.resolve(STRANGER, values)).isEqualTo(ClientAddress.direct(STRANGER));

        assertThat(resolver.resolve(PROXY, with(values, values.size(), stranger))
                        .client())
                .as("whatever a client claims, the proxy's own field is the last")
                .isEqualTo(STRANGER);
        List<String> joined = new ArrayList<>(values);
        joined.set(joined.size() - 1, joined.get(joined.size() - 1) + ", " + stranger);
        assertThat(resolver.resolve(PROXY, joined).client())
                .as("whatever a client claims, the proxy's own element is the last")
                .isEqualTo(STRANGER);

        IpAddress client = resolver.resolve(PROXY, values).client();
        if (!TRUSTED.contains(client)) {
            assertThat(resolver.resolve(PROXY, with(values, 0, "192.0.2.1, for=192.0.2.1"))
                            .client())
                    .as("what is left of the client's own address does not count")
                    .isEqualTo(client);
        }
    }

    private static List<String> with(List<String> values, int at, String value) {
        List<String> more = new ArrayList<>(values);
        more.add(at, value);
        return more;
    }

    @TestFactory
    List<DynamicTest> seeds() throws IOException {
        return FuzzSeeds.replay(ClientAddressFuzzTest.class, ClientAddressFuzzTest::fuzzerTestOneInput);
    }
}
