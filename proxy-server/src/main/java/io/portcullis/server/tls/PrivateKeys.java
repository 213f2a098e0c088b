package io.portcullis.server.tls;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;

/** Reads the private key of a certificate, in any of the three forms that OpenSSL has written over the years. */
final class PrivateKeys {

    private static final byte[] VERSION_0 = Der.element(Der.INTEGER, new byte[] {0});

    private PrivateKeys() {}

    /**
     * The first private key of a file.
     *
     * @param publicKey the certificate's: what a key doesn't say of itself, such as the curve, is taken from here
     */
    static PrivateKey read(PemFile file, PublicKey publicKey) throws CertificateFault {
        for (PemFile.Block block : file.blocks()) {
            if (block.label().endsWith("PRIVATE KEY")) {
                return read(file, block, publicKey);
            }
        }
        throw file.fault("no PEM private key in it (expected: -----BEGIN PRIVATE KEY-----)");
    }

    private static PrivateKey read(PemFile file, PemFile.Block block, PublicKey publicKey) throws CertificateFault {
        if (block.isEncrypted()) {
            throw file.fault("encrypted (expected: a key without a password, as made by: openssl pkey -in "
                    + file.path().getFileName() + " -out plain.key)");
        }
        byte[] pkcs8 = switch (block.label()) {
            case "PRIVATE KEY" -> file.decode(block);
            case "RSA PRIVATE KEY" -> dressed(file, block, publicKey, "RSA");
            case "EC PRIVATE KEY" -> dressed(file, block, publicKey, "EC");
            default -> throw file.fault(block.label() + " (expected: PRIVATE KEY, RSA PRIVATE KEY or EC PRIVATE KEY)");
        };
        try {
            return KeyFactory.getInstance(publicKey.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } catch (GeneralSecurityException e) {
            throw file.fault("not the key of the certificate (expected: its " + publicKey.getAlgorithm() + " key)");
        }
    }

    /** PKCS#1 (RFC 8017, A.1.2) and SEC 1 (RFC 5915) are what PKCS#8 (RFC 5958) has inside. */
    private static byte[] dressed(PemFile file, PemFile.Block block, PublicKey publicKey, String algorithm)
            throws CertificateFault {
        if (!publicKey.getAlgorithm().equals(algorithm)) {
            throw file.fault("an " + algorithm + " key (expected: the certificate's, which is "
                    + publicKey.getAlgorithm() + ")");
        }
        byte[] algorithmIdentifier = Der.firstInside(publicKey.getEncoded());
        return Der.element(
                Der.SEQUENCE, VERSION_0, algorithmIdentifier, Der.element(Der.OCTET_STRING, file.decode(block)));
    }

    /**
     * Whether a private key is that of a public key. A file of a private key says which public key is its own, and OpenSSL
     * believes that, too (X509_check_private_key); BoringSSL checks it when it is given the key. Only where it does not say
     * so the one has to sign and the other to verify, which takes a tenth of a second in a JVM that has just begun.
     */
    static boolean belongTogether(PrivateKey privateKey, PublicKey publicKey) {
        if (privateKey instanceof RSAPrivateCrtKey own && publicKey instanceof RSAPublicKey other) {
            return own.getModulus().equals(other.getModulus())
                    && own.getPublicExponent().equals(other.getPublicExponent());
        }
        return endsWithPublicKey(privateKey, publicKey) || verifies(privateKey, publicKey);
    }

    /** An ECPrivateKey (RFC 5915, section 3) ends with the public key, as it stands in a certificate, tagged. */
    private static boolean endsWithPublicKey(PrivateKey privateKey, PublicKey publicKey) {
        byte[] own = privateKey.getEncoded();
        byte[] end = Der.element(Der.TAGGED_1, Der.restInside(publicKey.getEncoded()));
        int from = own.length - end.length;
        return from > 0 && Arrays.equals(own, from, own.length, end, 0, end.length);
    }

    private static boolean verifies(PrivateKey privateKey, PublicKey publicKey) {
        String algorithm = publicKey.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA";
        byte[] challenge = new byte[32];
        new SecureRandom().nextBytes(challenge);
        try {
            Signature signing = Signature.getInstance(algorithm);
            signing.initSign(privateKey);
            signing.update(challenge);
            Signature verifying = Signature.getInstance(algorithm);
            verifying.initVerify(publicKey);
            verifying.update(challenge);
            return verifying.verify(signing.sign());
        } catch (GeneralSecurityException e) {
            // Keys of different curves or sizes are refused before anything is compared.
            return false;
        }
    }
}
