package io.portcullis.benchmarks.load.generator;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.portcullis.benchmarks.load.LoadResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsClientTest {

    /** Of RFC 8446, section 4.2, and RFC 5077. */
    private static final int PRE_SHARED_KEY = 41;

    private static final int SESSION_TICKET = 35;

    /** Of RFC 8446, section 4.2.7. */
    private static final int SUPPORTED_GROUPS = 10;

    private static final int X25519 = 0x001d;
    private static final int P_256 = 0x0017;

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void offersNoSessionAgainSinceAHandshakeThatIsResumedCostsAPeerNextToNothing(String protocol) throws Exception {
        try (TlsPeer peer = new TlsPeer(protocol)) {
            LoadResult result =
                    OneRun.of("connect --connections 2 --seconds 0.2 --lead-in 0.1 --tls true --host a.test --port "
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

    /** If it breaks: Portcullis agrees on a hybrid with ML-KEM, which costs more, and a peer with OpenSSL 3.0 does not. */
    @Test
    void offersTheKeyExchangesThatAllPeersKnowSoThatAllAreAskedForTheSame() throws Exception {
        try (TlsPeer peer = new TlsPeer("TLSv1.3")) {
            LoadResult result =
                    OneRun.of("connect --connections 1 --seconds 0.1 --tls true --host a.test --port " + peer.port());
            assertThat(result.errors()).isEmpty();
            assertThat(peer.hellos()).isNotEmpty().allSatisfy(octets -> {
                ByteBuf hello = Unpooled.wrappedBuffer(octets);
                skipToExtensions(hello);
                assertThat(groups(hello)).containsExactly(X25519, P_256);
            });
        }
    }

    /** What the hello offers to exchange keys by, but for what is there to be ignored (GREASE, RFC 8701). */
    private static List<Integer> groups(ByteBuf hello) {
        List<Integer> groups = new ArrayList<>();
        ByteBuf extensions = hello.readSlice(hello.readUnsignedShort());
        while (extensions.isReadable()) {
            int type = extensions.readUnsignedShort();
            ByteBuf extension = extensions.readSlice(extensions.readUnsignedShort());
            if (type == SUPPORTED_GROUPS) {
                ByteBuf list = extension.readSlice(extension.readUnsignedShort());
                while (list.isReadable()) {
                    int group = list.readUnsignedShort();
                    if ((group & 0x0f0f) != 0x0a0a) {
                        groups.add(group);
                    }
                }
            }
        }
        return groups;
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
