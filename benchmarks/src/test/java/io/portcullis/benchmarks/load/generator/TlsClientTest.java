package io.portcullis.benchmarks.load.generator;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.portcullis.benchmarks.load.LoadResult;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsClientTest {

    /** Of RFC 8446, section 4.2, and RFC 5077. */
    private static final int PRE_SHARED_KEY = 41;

    private static final int SESSION_TICKET = 35;

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void offersNoSessionAgainSinceAHandshakeThatIsResumedCostsAPeerNextToNothing(String protocol) throws Exception {
        try (TlsPeer peer = new TlsPeer(protocol)) {
            LoadResult result =
                    OneRun.of("connect --connections 2 --seconds 0.2 --warm-up 0.1 --tls true --host a.test --port "
                            + peer.port());
            assertThat(result.errors()).isEmpty();
            assertThat(result.requests()).isPositive();
            assertThat(peer.hellos()).hasSizeGreaterThan(2);
            Set<String> sessions = new HashSet<>();
            for (byte[] octets : peer.hellos()) {
                assertThat(new String(octets, StandardCharsets.ISO_8859_1)).contains("a.test");
                ByteBuf hello = Unpooled.wrappedBuffer(octets);
                sessions.add(skipToExtensions(hello));
                assertOffersNothing(hello);
            }
            assertThat(sessions).hasSameSizeAs(peer.hellos());
        }
    }

    /** The id of the session that is offered: BoringSSL makes up one for the sake of boxes between. */
    private static String skipToExtensions(ByteBuf hello) {
        hello.skipBytes(5 + 4 + 2 + 32);
        String session = ByteBufUtil.hexDump(hello.readSlice(hello.readUnsignedByte()));
        hello.skipBytes(hello.readUnsignedShort());
        hello.skipBytes(hello.readUnsignedByte());
        return session;
    }

    private static void assertOffersNothing(ByteBuf hello) {
        ByteBuf extensions = hello.readSlice(hello.readUnsignedShort());
        while (extensions.isReadable()) {
            int type = extensions.readUnsignedShort();
            ByteBuf extension = extensions.readSlice(extensions.readUnsignedShort());
            assertThat(type).isNotEqualTo(PRE_SHARED_KEY);
            assertThat(type == SESSION_TICKET && extension.isReadable()).isFalse();
        }
    }
}
