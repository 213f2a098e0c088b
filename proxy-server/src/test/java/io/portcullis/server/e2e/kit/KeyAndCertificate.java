package io.portcullis.server.e2e.kit;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * What a server proves itself with.
 *
 * @param chain the server's own certificate first, then those that issued it, without the root
 */
public record KeyAndCertificate(PrivateKey key, List<X509Certificate> chain) {

    /** Writes {@code NAME.crt} (with the chain) and {@code NAME.key}, in PEM, over what was there. */
    public void writeTo(Path directory, String name) throws IOException, GeneralSecurityException {
        Files.writeString(directory.resolve(name + ".crt"), Pem.certificates(chain), US_ASCII);
        Files.writeString(directory.resolve(name + ".key"), Pem.key(key), US_ASCII);
    }

    /** How a virtual host or a listener names the files that {@link #writeTo} has written. */
    public static String settings(String name) {
        return "tls { certificate = \"" + name + ".crt\", key = \"" + name + ".key\" }\n";
    }

    /** A server socket on a loopback port that speaks TLS with this certificate. */
    public ServerSocket listen() throws IOException, GeneralSecurityException {
        char[] password = "changeit".toCharArray();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        keys.setKeyEntry("server", key, password, chain.toArray(Certificate[]::new));
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, password);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context.getServerSocketFactory().createServerSocket(0, 512, InetAddress.getLoopbackAddress());
    }
}
