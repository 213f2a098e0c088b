package io.portcullis.server.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.portcullis.core.config.CertificateConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients meet the same TLS whichever library speaks it: what is old and weak is refused, all else is served. */
class HandshakeTest {

    private OpenSslTool openSsl;

    @BeforeEach
    void start(@TempDir Path directory) {
        openSsl = new OpenSslTool(directory);
    }

    private static TlsServer server(TlsLibrary library, CertificateConfig files, boolean http2) throws IOException {
        return new TlsServer(new Certificates(InstantSource.system(), library).serve(files, http2));
    }

    private TlsServer p256(TlsLibrary library) throws IOException {
        return server(library, openSsl.selfSigned("shop", OpenSslTool.P256, "DNS:shop.test"), true);
    }

    @ParameterizedTest
    @EnumSource
    void rsaChainIsSentWholeInBothVersions(TlsLibrary library) throws Exception {
        try (TlsServer server = server(library, openSsl.chained("shop"), true)) {
            for (String version : List.of("TLSv1.2", "TLSv1.3")) {
                try (TlsClient client = TlsClient.connect(server, version)) {
                    assertThat(client.chain()).hasSize(2);
                    assertThat(client.certificate().getSubjectX500Principal().getName())
                            .isEqualTo("CN=shop");
                    assertThat(client.version()).isEqualTo(version);
                    assertThat(client.echo("hello")).isEqualTo("hello");
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void ecdsaIsServedOnAllThreeCurvesInBothVersions(TlsLibrary library) throws Exception {
        for (String curve : List.of("P-256", "P-384", "P-521")) {
            CertificateConfig files = openSsl.selfSigned("shop-" + curve, OpenSslTool.curve(curve), "");
            try (TlsServer server = server(library, files, true)) {
                for (String version : List.of("TLSv1.2", "TLSv1.3")) {
                    try (TlsClient client = TlsClient.connect(server, version)) {
                        assertThat(client.echo("hello")).as(curve).isEqualTo("hello");
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void everySuiteOfTheListIsServedAndToldByItsIanaName(TlsLibrary library) throws Exception {
        try (TlsServer ecdsa = p256(library);
                TlsServer rsa = server(library, openSsl.selfSigned("rsa", OpenSslTool.RSA, ""), true)) {
            for (String cipher : ServerContexts.CIPHERS) {
                TlsServer server = cipher.contains("_RSA_") ? rsa : ecdsa;
                String version = cipher.contains("ECDHE") ? "TLSv1.2" : "TLSv1.3";
                try (TlsClient client = TlsClient.connect(server, List.of(version), List.of(cipher), List.of())) {
                    assertThat(client.cipher()).isEqualTo(cipher);
                    TlsSession session = server.session();
                    assertThat(session.cipher()).isEqualTo(cipher);
                    assertThat(session.version()).isEqualTo(version);
                    assertThat(session.applicationProtocol()).isNull();
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void weakSuitesOfTls12AreRefused(TlsLibrary library) throws Exception {
        try (TlsServer server = server(library, openSsl.selfSigned("rsa", OpenSslTool.RSA, ""), true)) {
            for (String weak : List.of("AES128-GCM-SHA256", "ECDHE-RSA-AES128-SHA256", "DHE-RSA-AES128-GCM-SHA256")) {
                OpenSslTool.Result result = openSsl.client(server, "-tls1_2", "-cipher", weak);
                assertThat(result.exitCode()).as(weak).isNotZero();
                assertThat(result.output()).as(weak).contains("alert handshake failure");
                assertThat(server.failure()).isInstanceOf(SSLException.class);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void tls11AndOlderAreRefused(TlsLibrary library) throws Exception {
        try (TlsServer server = server(library, openSsl.selfSigned("rsa", OpenSslTool.RSA, ""), true)) {
            for (String version : List.of("-tls1_1", "-tls1")) {
                OpenSslTool.Result result = openSsl.client(server, version, "-cipher", "ALL:@SECLEVEL=0");
                assertThat(result.exitCode()).isNotZero();
                assertThat(result.output()).contains("alert protocol version");
                assertThat(server.failure()).isInstanceOf(SSLException.class);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void finiteFieldGroupsAreRefusedAsTheyCostTheServerMilliseconds(TlsLibrary library) throws Exception {
        try (TlsServer server = p256(library)) {
            for (String group : List.of("ffdhe2048", "ffdhe8192")) {
                OpenSslTool.Result result = openSsl.client(server, "-tls1_3", "-groups", group);
                assertThat(result.exitCode()).as(result.output()).isNotZero();
                assertThat(server.failure()).isInstanceOf(SSLException.class);
            }
            for (String group : List.of("X25519", "P-256", "P-384")) {
                assertThat(openSsl.client(server, "-tls1_3", "-groups", group).output())
                        .contains("bye");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void applicationProtocolIsTheBestThatBothSpeak(TlsLibrary library) throws Exception {
        try (TlsServer server = p256(library)) {
            for (String version : List.of("TLSv1.2", "TLSv1.3")) {
                try (TlsClient client = TlsClient.connect(server, version, "http/1.1", "h2")) {
                    assertThat(client.applicationProtocol()).isEqualTo("h2");
                    assertThat(server.session().applicationProtocol()).isEqualTo("h2");
                }
                try (TlsClient client = TlsClient.connect(server, version, "http/1.1")) {
                    assertThat(client.applicationProtocol()).isEqualTo("http/1.1");
                    assertThat(server.session().applicationProtocol()).isEqualTo("http/1.1");
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void clientThatOffersNothingKnownByAlpnIsServedWithoutIt(TlsLibrary library) throws Exception {
        try (TlsServer server = p256(library);
                TlsClient client = TlsClient.connect(server, "TLSv1.3", "http/1.0", "spdy/3")) {
            assertThat(client.applicationProtocol()).isEmpty();
            assertThat(server.session().applicationProtocol()).isNull();
            assertThat(client.echo("hello")).isEqualTo("hello");
        }
    }

    @ParameterizedTest
    @EnumSource
    void http2IsNotOfferedWhereTheListenerHasItOff(TlsLibrary library) throws Exception {
        CertificateConfig files = openSsl.selfSigned("shop", OpenSslTool.P256, "");
        try (TlsServer server = server(library, files, false);
                TlsClient client = TlsClient.connect(server, "TLSv1.3", "h2", "http/1.1")) {
            assertThat(client.applicationProtocol()).isEqualTo("http/1.1");
        }
    }

    @ParameterizedTest
    @EnumSource
    void renegotiationIsRefused(TlsLibrary library) throws Exception {
        try (TlsServer server = p256(library)) {
            TlsClient client = TlsClient.connect(server, "TLSv1.2");
            assertThat(client.echo("hello")).isEqualTo("hello");
            assertThatExceptionOfType(IOException.class).isThrownBy(client::renegotiate);
            client.close();
        }
    }

    /** The key of what is recorded today must not be for a quantum computer to find. */
    @Test
    void boringSslAgreesOnAHybridKey() throws Exception {
        SslContext client = SslContextBuilder.forClient()
                .sslProvider(SslProvider.OPENSSL)
                .trustManager(InsecureTrustManagerFactory.INSTANCE)
                .option(OpenSslContextOption.GROUPS, new String[] {"X25519MLKEM768"})
                .protocols("TLSv1.3")
                .build();
        CertificateConfig files = openSsl.selfSigned("shop", OpenSslTool.P256, "");
        ServedCertificate served = new Certificates(InstantSource.system(), TlsLibrary.BORINGSSL).serve(files, true);
        EnginePair engines = new EnginePair(
                client.newEngine(ByteBufAllocator.DEFAULT), served.context().newEngine(ByteBufAllocator.DEFAULT));
        engines.handshake();
        assertThat(engines.serverSession().getProtocol()).isEqualTo("TLSv1.3");
        engines.close();
    }
}
