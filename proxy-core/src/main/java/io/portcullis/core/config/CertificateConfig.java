package io.portcullis.core.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The files of a certificate.
 *
 * <p>Compared by hand as a record is: each start looks certificates up by it, and what the JVM makes of a record's fields
 * at run time takes longer than to read a certificate.
 *
 * @param certificate PEM: the certificate, then those that lead to one that clients trust
 * @param key PEM: its private key, not encrypted
 */
public record CertificateConfig(Path certificate, Path key) {

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CertificateConfig that && certificate.equals(that.certificate) && key.equals(that.key);
    }

    @Override
    public int hashCode() {
        return 31 * certificate.hashCode() + key.hashCode();
    }
}
