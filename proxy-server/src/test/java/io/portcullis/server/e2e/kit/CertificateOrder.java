package io.portcullis.server.e2e.kit;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What a certificate shall say: for whom, by which kind of key, and when it is valid.
 *
 * @param names host names, wildcards, IPv4 addresses; the first is the subject's common name as well
 */
public record CertificateOrder(List<String> names, KeyKind kind, Instant validFrom, Instant validUntil) {

    /** The kinds of keys that servers have. */
    public enum KeyKind {
        EC,
        RSA
    }

    /** A P-256 key, and valid from yesterday on for a month. */
    public static CertificateOrder of(String... names) {
        Instant now = Instant.now();
        return new CertificateOrder(
                List.of(names), KeyKind.EC, now.minus(Duration.ofDays(1)), now.plus(Duration.ofDays(30)));
    }

    public CertificateOrder rsa() {
        return new CertificateOrder(names, KeyKind.RSA, validFrom, validUntil);
    }

    public CertificateOrder valid(Instant from, Instant until) {
        return new CertificateOrder(names, kind, from, until);
    }
}
