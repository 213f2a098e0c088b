package io.portcullis.server.e2e.kit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.portcullis.server.e2e.kit.CertificateOrder.KeyKind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import javax.security.auth.x500.X500Principal;

/**
 * A certificate authority that lives as long as its test, and issues whatever it is asked for (RFC 5280). With the JDK
 * alone: a library that makes certificates would be on the class path of the proxy too, and Netty reads more kinds of
 * keys where it finds one.
 */
public final class CertificateAuthority {

    private static final AtomicInteger SERIAL = new AtomicInteger(1);

    private static final String EC_SHA256 = "1.2.840.10045.4.3.2";
    private static final String RSA_SHA256 = "1.2.840.113549.1.1.11";
    private static final String SUBJECT_ALTERNATIVE_NAME = "2.5.29.17";
    private static final String BASIC_CONSTRAINTS = "2.5.29.19";
    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;

    private final PrivateKey key;
    /** From the own certificate to the root's. */
    private final List<X509Certificate> chain;

    private CertificateAuthority(PrivateKey key, List<X509Certificate> chain) {
        this.key = key;
        this.chain = chain;
    }

    /** A new root, signed by itself. */
    public static CertificateAuthority create() throws GeneralSecurityException {
        KeyPair keys = keys(KeyKind.EC);
        CertificateOrder order = CertificateOrder.of("Portcullis test root");
        X509Certificate root = sign(order, keys, principal(order), keys.getPrivate(), basicConstraints());
        return new CertificateAuthority(keys.getPrivate(), List.of(root));
    }

    /** An authority below this one: what it issues comes with a chain. */
    public CertificateAuthority intermediate() throws GeneralSecurityException {
        KeyPair keys = keys(KeyKind.EC);
        CertificateOrder order = CertificateOrder.of("Portcullis test intermediate");
        X509Certificate own = sign(order, keys, subject(), key, basicConstraints());
        return new CertificateAuthority(keys.getPrivate(), below(own));
    }

    /** Issues a certificate that is valid now. */
    public KeyAndCertificate issue(String... names) throws GeneralSecurityException {
        return issue(CertificateOrder.of(names));
    }

    public KeyAndCertificate issue(CertificateOrder order) throws GeneralSecurityException {
        KeyPair keys = keys(order.kind());
        List<X509Certificate> whole = below(sign(order, keys, subject(), key, alternativeNames(order.names())));
        // RFC 8446 section 4.4.2: the root may be left out, for whoever trusts it has it.
        return new KeyAndCertificate(keys.getPrivate(), whole.subList(0, whole.size() - 1));
    }

    /** Writes the root's certificate, in PEM, for those who shall trust it. */
    public Path writeRoot(Path directory) throws IOException, GeneralSecurityException {
        return Files.writeString(directory.resolve("root.pem"), Pem.certificates(List.of(root())), US_ASCII);
    }

    /**
     * Shakes hands on a connection, as one who trusts this authority alone.
     *
     * @param serverName what it asks for (SNI) and finds in the certificate
     * @param protocols what it speaks, by ALPN; none for no ALPN
     */
    SSLSocket secure(Socket tcp, String serverName, String... protocols) throws IOException, GeneralSecurityException {
        SSLSocket secure =
                (SSLSocket) clientContext().getSocketFactory().createSocket(tcp, serverName, tcp.getPort(), true);
        SSLParameters parameters = secure.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        parameters.setApplicationProtocols(protocols);
        secure.setSSLParameters(parameters);
        secure.startHandshake();
        return secure;
    }

    /** For clients that trust this authority's root and no other. */
    public SSLContext clientContext() throws GeneralSecurityException, IOException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("root", root());
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }

    private X509Certificate root() {
        return chain.get(chain.size() - 1);
    }

    private X500Principal subject() {
        return chain.get(0).getSubjectX500Principal();
    }

    private List<X509Certificate> below(X509Certificate certificate) {
        List<X509Certificate> longer = new ArrayList<>(chain);
        longer.add(0, certificate);
        return List.copyOf(longer);
    }

    private static X500Principal principal(CertificateOrder order) {
        return new X500Principal("CN=" + order.names().get(0));
    }

    private static KeyPair keys(KeyKind kind) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(kind.name());
        if (kind == KeyKind.EC) {
            generator.initialize(new ECGenParameterSpec("secp256r1"));
        } else {
            generator.initialize(2048);
        }
        return generator.generateKeyPair();
    }

    private static X509Certificate sign(
            CertificateOrder order, KeyPair keys, X500Principal issuer, PrivateKey signer, byte[] extension)
            throws GeneralSecurityException {
        boolean ec = signer.getAlgorithm().equals("EC");
        byte[] algorithm = ec
                ? Der.sequence(Der.objectIdentifier(EC_SHA256))
                : Der.sequence(Der.objectIdentifier(RSA_SHA256), Der.nothing());
        byte[] toBeSigned = Der.sequence(
                Der.explicit(0, Der.integer(BigInteger.TWO)),
                Der.integer(BigInteger.valueOf(SERIAL.getAndIncrement())),
                algorithm,
                issuer.getEncoded(),
                Der.sequence(Der.time(order.validFrom()), Der.time(order.validUntil())),
                principal(order).getEncoded(),
                keys.getPublic().getEncoded(),
                Der.explicit(3, Der.sequence(extension)));
        Signature signature = Signature.getInstance(ec ? "SHA256withECDSA" : "SHA256withRSA");
        signature.initSign(signer);
        signature.update(toBeSigned);
        byte[] certificate = Der.sequence(toBeSigned, algorithm, Der.bitString(signature.sign()));
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(certificate));
    }

    private static byte[] basicConstraints() {
        return Der.sequence(
                Der.objectIdentifier(BASIC_CONSTRAINTS), Der.yes(), Der.octetString(Der.sequence(Der.yes())));
    }

    private static byte[] alternativeNames(List<String> names) {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        for (String name : names) {
            written.writeBytes(
                    name.matches("[0-9.]+")
                            ? Der.implicit(IP_ADDRESS, Loopback.address(name).getAddress())
                            : Der.implicit(DNS_NAME, name.getBytes(UTF_8)));
        }
        return Der.sequence(
                Der.objectIdentifier(SUBJECT_ALTERNATIVE_NAME), Der.octetString(Der.sequence(written.toByteArray())));
    }
}
