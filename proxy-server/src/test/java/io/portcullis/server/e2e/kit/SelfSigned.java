package io.portcullis.server.e2e.kit;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A certificate made by the JDK's keytool for one test: for 127.0.0.1 and app.internal, signed by itself. */
public final class SelfSigned {

    private static final char[] PASSWORD = "changeit".toCharArray();

    private final SSLContext context;
    private final KeyManagerFactory managers;
    private final Path certificate;
    private final Path store;

    private SelfSigned(SSLContext context, KeyManagerFactory managers, Path certificate, Path store) {
        this.context = context;
        this.managers = managers;
        this.certificate = certificate;
        this.store = store;
    }

    /** Makes key and certificate in a directory. */
    public static SelfSigned in(Path directory) throws IOException, GeneralSecurityException {
        Path store = directory.resolve("endpoint.p12");
        generate(store);
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        String pem = "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'})
                        .encodeToString(keys.getCertificate("endpoint").getEncoded())
                + "\n-----END CERTIFICATE-----\n";
        Path certificate = Files.writeString(directory.resolve("endpoint.pem"), pem, StandardCharsets.US_ASCII);
        return new SelfSigned(context, managers, certificate, store);
    }

    private static void generate(Path store) throws IOException {
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "endpoint",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=endpoint",
                        "-ext",
                        "SAN=IP:127.0.0.1,DNS:app.internal",
                        "-ext",
                        "BC=ca:true",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        new String(PASSWORD))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            assertThat(keytool.waitFor(30, TimeUnit.SECONDS))
                    .as("keytool ended")
                    .isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        assertThat(store).exists();
    }

    /** A server socket on a loopback port that speaks TLS with this certificate. */
    public ServerSocket listen() throws IOException {
        return context.getServerSocketFactory().createServerSocket(0, 64, InetAddress.getLoopbackAddress());
    }

    /** For a server that agrees on HTTP/2 by ALPN. By the JDK's TLS, so that the proxy's meets another one. */
    public SslContext http2() throws IOException {
        return SslContextBuilder.forServer(managers)
                .sslProvider(SslProvider.JDK)
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        ApplicationProtocolConfig.Protocol.ALPN,
                        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                        ApplicationProtocolNames.HTTP_2))
                .build();
    }

    /** What makes a JVM trust it as it trusts the system's authorities. */
    public String[] trustingJvm() {
        return new String[] {
            "-Djavax.net.ssl.trustStore=" + store, "-Djavax.net.ssl.trustStorePassword=" + new String(PASSWORD)
        };
    }

    /** The certificate in PEM. */
    public Path certificate() {
        return certificate;
    }
}
