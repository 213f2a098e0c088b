package io.portcullis.server.tls;

import io.portcullis.core.config.CertificateConfig;
import io.portcullis.server.tls.CertificateFault.Part;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.EllipticCurve;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What the files of a certificate hold: a chain and the private key of its first certificate, which belong together
 * and which every TLS library can serve. Whether it is valid today, and for which hosts, is for the caller to ask.
 */
public final class LoadedCertificate {

    /** A chain is a few kilobytes; what is larger is some other file. */
    private static final int MAX_FILE = 1 << 20;

    private static final int MIN_RSA_BITS = 2_048;
    private static final int MAX_RSA_BITS = 8_192;
    private static final List<String> CURVES = List.of("secp256r1", "secp384r1", "secp521r1");

    private static final Duration RENEWED_BEFORE = Duration.ofDays(14);

    private final List<X509Certificate> chain;
    private final PrivateKey key;
    private final Path certificateFile;
    private final CertificateNames names;

    private LoadedCertificate(
            List<X509Certificate> chain, PrivateKey key, Path certificateFile, CertificateNames names) {
        this.chain = chain;
        this.key = key;
        this.certificateFile = certificateFile;
        this.names = names;
    }

    /**
     * Reads both files, which may be the same one. Blocks.
     *
     * @throws CertificateFault if they can't be read or served; an expired certificate can
     */
    public static LoadedCertificate read(CertificateConfig files) throws CertificateFault {
        return of(files, content(files.certificate(), Part.CERTIFICATE), content(files.key(), Part.KEY));
    }

    static byte[] content(Path path, Part part) throws CertificateFault {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] content = in.readNBytes(MAX_FILE + 1);
            if (content.length > MAX_FILE) {
                throw new CertificateFault(part, path + ": over 1 MiB (expected: a PEM file)");
            }
            return content;
        } catch (CertificateFault e) {
            throw e;
        } catch (NoSuchFileException e) {
            throw new CertificateFault(part, path + ": no such file (expected: a PEM file)");
        } catch (AccessDeniedException e) {
            throw new CertificateFault(part, path + ": not readable (expected: readable by the proxy's user)");
        } catch (IOException e) {
            throw new CertificateFault(part, path + ": " + e.getMessage() + " (expected: a readable PEM file)");
        }
    }

    static LoadedCertificate of(CertificateConfig files, byte[] certificate, byte[] key) throws CertificateFault {
        PemFile certificateFile = PemFile.of(certificate, files.certificate(), Part.CERTIFICATE);
        List<X509Certificate> chain = chain(certificateFile);
        PublicKey publicKey = chain.get(0).getPublicKey();
        requireServable(certificateFile, publicKey);
        PemFile keyFile = PemFile.of(key, files.key(), Part.KEY);
        PrivateKey privateKey = PrivateKeys.read(keyFile, publicKey);
        if (!PrivateKeys.belongTogether(privateKey, publicKey)) {
            throw mismatch(keyFile, privateKey, chain, files.certificate());
        }
        try {
            return new LoadedCertificate(chain, privateKey, files.certificate(), CertificateNames.of(chain.get(0)));
        } catch (CertificateException e) {
            throw certificateFile.fault("a subjectAltName that can't be read (expected: an X.509 certificate)");
        }
    }

    private static List<X509Certificate> chain(PemFile file) throws CertificateFault {
        List<X509Certificate> chain = new ArrayList<>();
        for (PemFile.Block block : file.blocks()) {
            if (block.label().equals("CERTIFICATE") || block.label().equals("X509 CERTIFICATE")) {
                chain.add(certificate(file, block, chain.size() + 1));
            }
        }
        if (chain.isEmpty()) {
            throw file.fault("no PEM certificate in it (expected: -----BEGIN CERTIFICATE-----)");
        }
        return List.copyOf(chain);
    }

    private static X509Certificate certificate(PemFile file, PemFile.Block block, int number) throws CertificateFault {
        byte[] der = file.decode(block);
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (CertificateException e) {
            throw file.fault("certificate " + number + " can't be read (expected: an X.509 certificate)");
        }
    }

    /** Only what BoringSSL and the JDK both serve, and clients accept. */
    private static void requireServable(PemFile file, PublicKey key) throws CertificateFault {
        String told;
        if (key instanceof RSAPublicKey rsa && key.getAlgorithm().equals("RSA")) {
            int bits = rsa.getModulus().bitLength();
            if (bits >= MIN_RSA_BITS && bits <= MAX_RSA_BITS) {
                return;
            }
            told = "RSA of " + bits + " bits";
        } else if (key instanceof ECPublicKey ec) {
            if (isKnownCurve(ec.getParams().getCurve())) {
                return;
            }
            told = "EC on another curve";
        } else {
            told = key.getAlgorithm();
        }
        throw file.fault("a certificate for a key of type " + told
                + " (expected: RSA of 2048 to 8192 bits, or ECDSA on P-256, P-384 or P-521)");
    }

    private static boolean isKnownCurve(EllipticCurve curve) {
        try {
            for (String known : CURVES) {
                AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
                parameters.init(new ECGenParameterSpec(known));
                if (parameters
                        .getParameterSpec(ECParameterSpec.class)
                        .getCurve()
                        .equals(curve)) {
                    return true;
                }
            }
            return false;
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every JDK has these curves", e);
        }
    }

    private static CertificateFault mismatch(
            PemFile keyFile, PrivateKey key, List<X509Certificate> chain, Path certificate) {
        for (int i = 1; i < chain.size(); i++) {
            PublicKey other = chain.get(i).getPublicKey();
            if (other.getAlgorithm().equals(key.getAlgorithm()) && PrivateKeys.belongTogether(key, other)) {
                return new CertificateFault(
                        Part.CERTIFICATE,
                        certificate + ": the key belongs to certificate " + (i + 1)
                                + " in it (expected: the host's certificate first, then those that signed it)");
            }
        }
        return keyFile.fault("not the key of the certificate (expected: the key of the first one in " + certificate
                + ", for " + chain.get(0).getSubjectX500Principal().getName() + ")");
    }

    /** Refuses a certificate that clients no longer accept. */
    public void requireUnexpired(Instant now) throws CertificateFault {
        if (!notAfter().isAfter(now)) {
            throw new CertificateFault(
                    Part.CERTIFICATE, certificateFile + ": expired at " + notAfter() + " (expected: a valid one)");
        }
    }

    /**
     * Whether it should have been renewed by now: less than 14 days are left, and less than a third of its life, so that
     * one that lives for a week is not complained of from its first day.
     */
    public boolean expiresSoon(Instant now) {
        Duration left = Duration.between(now, notAfter());
        return left.compareTo(RENEWED_BEFORE) < 0
                && left.compareTo(Duration.between(notBefore(), notAfter()).dividedBy(3)) < 0;
    }

    /** From when it is valid. */
    public Instant notBefore() {
        return chain.get(0).getNotBefore().toInstant();
    }

    /** Until when it is valid. */
    public Instant notAfter() {
        return chain.get(0).getNotAfter().toInstant();
    }

    /**
     * Whether clients accept it for a name.
     *
     * @param name a host as {@link io.portcullis.core.http.HostName} gives it, or a server name as virtual hosts have
     *     them. {@code *.example.com} is covered by that same wildcard, although that stands for one label only while a
     *     virtual host's stands for more; {@code www.*} by any name that begins with {@code www.}: that all are covered
     *     can't be known
     */
    public boolean covers(String name) {
        return names.covers(name);
    }

    /** The hosts that it is for, as it has them, in lower case. */
    public List<String> names() {
        return names.names();
    }

    /** How messages name it. */
    String name() {
        Path fileName = certificateFile.getFileName();
        return fileName == null ? certificateFile.toString() : fileName.toString();
    }

    List<X509Certificate> chain() {
        return chain;
    }

    PrivateKey key() {
        return key;
    }
}
