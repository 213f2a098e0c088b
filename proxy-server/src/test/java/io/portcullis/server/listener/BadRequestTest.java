package io.portcullis.server.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.server.exchange.Fault;
import io.portcullis.server.listener.BadRequests.Bad;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What RFC 9112 calls invalid is refused with its status; passed on, an application could read it in another way. */
class BadRequestTest {

    private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";

    static Stream<Bad> bad() {
        return BadRequests.all();
    }

    @ParameterizedTest
    @MethodSource("bad")
    void isRefusedWithItsStatus(Bad bad) {
        assertThat(Decoding.of(bad.octets())).singleElement().satisfies(message -> {
            assertThat(message.status()).isEqualTo(bad.status());
            assertThat(Objects.requireNonNull(message.fault).source()).isEqualTo(Fault.Source.CLIENT);
            assertThat(message.ended)
                    .as("a fault in the body ends the body, one in the head has none")
                    .isEqualTo(bad.inBody());
        });
    }

    @ParameterizedTest
    @MethodSource("bad")
    void isTheLastThatIsDecoded_orWhatFollowsIsARequestThatNobodySent(Bad bad) {
        assertThat(Decoding.of(bad.octets() + "\r\n\r\n" + SMUGGLED)).hasSize(1);

        Decoding decoding = new Decoding(Decoding.limits(), true);
        decoding.receive(bad.octets());
        decoding.receive(SMUGGLED);
        decoding.nextRequest();
        decoding.receive(SMUGGLED);
        assertThat(decoding.finish()).hasSize(1);
    }
}
