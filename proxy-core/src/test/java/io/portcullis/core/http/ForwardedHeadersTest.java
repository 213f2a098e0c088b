package io.portcullis.core.http;

import static io.portcullis.core.net.Literals.address;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.core.net.ClientAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Applications believe these fields, so a stranger must not write them. */
final class ForwardedHeadersTest {

    private static final ClientAddress STRANGER = ClientAddress.direct(address("192.0.2.66"));
    private static final ClientAddress VIA_PROXY = new ClientAddress(address("2001:db8::1"), address("10.0.0.1"), true);

    @Test
    void whatAStrangerForgedIsReplaced() {
        assertThat(ForwardedHeaders.forwardedFor(List.of("6.6.6.6"), STRANGER)).isEqualTo("192.0.2.66");
        assertThat(ForwardedHeaders.believed("https", STRANGER, "http")).isEqualTo("http");
        assertThat(ForwardedHeaders.realIp(STRANGER)).isEqualTo("192.0.2.66");
    }

    @Test
    void whatATrustedProxySaidIsKeptAndItsAddressAdded() {
        assertThat(ForwardedHeaders.forwardedFor(List.of("6.6.6.6, 2001:db8::1"), VIA_PROXY))
                .isEqualTo("6.6.6.6, 2001:db8::1, 10.0.0.1");
        assertThat(ForwardedHeaders.forwardedFor(List.of("6.6.6.6", "2001:db8::1"), VIA_PROXY))
                .isEqualTo("6.6.6.6, 2001:db8::1, 10.0.0.1");
        assertThat(ForwardedHeaders.believed("https", VIA_PROXY, "http")).isEqualTo("https");
        assertThat(ForwardedHeaders.realIp(VIA_PROXY)).isEqualTo("2001:db8::1");
    }

    @Test
    void aTrustedProxyMaySayNothing() {
        assertThat(ForwardedHeaders.forwardedFor(List.of(), VIA_PROXY)).isEqualTo("10.0.0.1");
        assertThat(ForwardedHeaders.forwardedFor(List.of(" "), VIA_PROXY)).isEqualTo("10.0.0.1");
        assertThat(ForwardedHeaders.believed(null, VIA_PROXY, "http")).isEqualTo("http");
        assertThat(ForwardedHeaders.believed("", VIA_PROXY, "http")).isEqualTo("http");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Forwarded-For",
                "x-forwarded-proto",
                "X-FORWARDED-HOST",
                "X-Forwarded-Port",
                "X-Forwarded-Prefix",
                "X-Forwarded-By",
                "X-Forwarded-Server",
                "X-Forwarded-Anything-Else",
                "X-Forwarded",
                "Forwarded",
                "X-Real-IP",
                "Client-IP",
                "X-Client-IP",
                "True-Client-IP",
                "CF-Connecting-IP",
                "X-Cluster-Client-IP"
            })
    void claimsAboutTheClientAreKnown(String name) {
        assertThat(ForwardedHeaders.isClaim(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "Host", "X-Request-Id", "Via", "User-Agent", "X-Forward", "X-Real-IPs", "Authorization"})
    void otherFieldsAreNoClaims(String name) {
        assertThat(ForwardedHeaders.isClaim(name)).isFalse();
    }

    @Test
    void aNameWithAnUnderscoreCouldBecomeAForwardingFieldInTheApplication() {
        assertThat(ForwardedHeaders.isCgiAlias("X_Forwarded_For")).isTrue();
        assertThat(ForwardedHeaders.isCgiAlias("X-Forwarded_For")).isTrue();
        assertThat(ForwardedHeaders.isCgiAlias("X-Forwarded-For")).isFalse();
    }
}
