package io.portcullis.server.tls;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** A connection of the JDK's client, which has completed its handshake and trusts whom it meets. */
final class TlsClient implements AutoCloseable {

    private final SSLSocket socket;

    private TlsClient(SSLSocket socket) {
        this.socket = socket;
    }

    /**
     * Connects.
     *
     * @param version the only one, such as {@code TLSv1.2}
     * @param applicationProtocols for ALPN; none without
     */
    static TlsClient connect(TlsServer server, String version, String... applicationProtocols) throws IOException {
        return connect(server, List.of(version), List.of(), List.of(applicationProtocols));
    }

    static TlsClient connect(
            TlsServer server, List<String> versions, List<String> ciphers, List<String> applicationProtocols)
            throws IOException {
        SSLSocket socket =
                (SSLSocket) context().getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), server.port());
        socket.setSoTimeout(20_000);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setProtocols(versions.toArray(String[]::new));
        if (!ciphers.isEmpty()) {
            parameters.setCipherSuites(ciphers.toArray(String[]::new));
        }
        parameters.setApplicationProtocols(applicationProtocols.toArray(String[]::new));
        socket.setSSLParameters(parameters);
        try {
            socket.startHandshake();
        } catch (IOException e) {
            socket.close();
            throw e;
        }
        return new TlsClient(socket);
    }

    private static SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Credulous()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    Certificate[] chain() throws IOException {
        return socket.getSession().getPeerCertificates();
    }

    X509Certificate certificate() throws IOException {
        return (X509Certificate) chain()[0];
    }

    String version() {
        return socket.getSession().getProtocol();
    }

    String cipher() {
        return socket.getSession().getCipherSuite();
    }

    /** Empty where none was agreed on. */
    String applicationProtocol() {
        return socket.getApplicationProtocol();
    }

    /** Says something and waits for what comes back. */
    String echo(String text) throws IOException {
        byte[] said = text.getBytes(StandardCharsets.US_ASCII);
        socket.getOutputStream().write(said);
        return new String(socket.getInputStream().readNBytes(said.length), StandardCharsets.US_ASCII);
    }

    /** Asks for another handshake, and says something so that one takes place. */
    void renegotiate() throws IOException {
        socket.startHandshake();
        echo("hello");
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private static final class Credulous extends X509ExtendedTrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
