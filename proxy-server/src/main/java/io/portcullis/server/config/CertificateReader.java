package io.portcullis.server.config;

import io.portcullis.core.config.CertificateConfig;
import io.portcullis.core.net.IpAddress;
import io.portcullis.server.tls.CertificateFault;
import io.portcullis.server.tls.LoadedCertificate;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code certificate} and {@code key}, and holds what is in the files against the clock and the names served. */
final class CertificateReader {

    private static final String CERTIFICATE = "certificate";
    private static final String KEY = "key";

    /** A certificate may be for a hundred names; the first tell which it is. */
    private static final int NAMES_SHOWN = 10;

    private final InstantSource clock;
    private final Expired expired;
    private final Runnable onTls;

    /** Those that can be served. Many virtual hosts may name the same files. */
    private final Map<CertificateConfig, LoadedCertificate> loaded = new HashMap<>();

    /** What a certificate is that has expired. */
    enum Expired {
        /** For who asks whether all is well. */
        A_PROBLEM,
        /** For a process that starts: one site's missed renewal must not keep all the others down. */
        A_WARNING
    }

    /** @param clock which certificates have expired by */
    CertificateReader(InstantSource clock, Expired expired) {
        this(clock, expired, () -> {});
    }

    /**
     * Like the other.
     *
     * @param onTls run for each listener with TLS, before a certificate is read
     */
    CertificateReader(InstantSource clock, Expired expired, Runnable onTls) {
        this.clock = clock;
        this.expired = expired;
        this.onTls = onTls;
    }

    /** Told that a listener has TLS: certificates will follow, here or with the virtual hosts. */
    void expect() {
        onTls.run();
    }

    /** Whether a block has either key. */
    static boolean isGiven(Section section) {
        return section.get(CERTIFICATE) != null
                || section.get(KEY) != null
                || section.has(CERTIFICATE)
                || section.has(KEY);
    }

    /** The files, or null where it is a problem which they are. What is wrong in them has been told. */
    @Nullable
    CertificateConfig read(Section section) {
        Setting certificate = section.required(CERTIFICATE, "a PEM file such as \"shop.crt\"");
        Setting key = section.required(KEY, "a PEM file such as \"shop.key\"");
        Path certificateFile = certificate == null ? null : certificate.path();
        Path keyFile = key == null ? null : key.path();
        if (certificate == null || key == null || certificateFile == null || keyFile == null) {
            return null;
        }
        CertificateConfig files = new CertificateConfig(certificateFile, keyFile);
        try {
            LoadedCertificate known = loaded.get(files);
            LoadedCertificate read = known == null ? LoadedCertificate.read(files) : known;
            tellValidity(certificate, certificateFile, read);
            loaded.put(files, read);
        } catch (CertificateFault e) {
            (e.part() == CertificateFault.Part.KEY ? key : certificate).problem(e.getMessage());
        }
        return files;
    }

    private void tellValidity(Setting setting, Path file, LoadedCertificate certificate) throws CertificateFault {
        Instant now = clock.instant();
        try {
            certificate.requireUnexpired(now);
        } catch (CertificateFault e) {
            if (expired == Expired.A_PROBLEM) {
                throw e;
            }
            setting.warning(e.getMessage() + ", and is served all the same");
            return;
        }
        if (certificate.notBefore().isAfter(now)) {
            setting.warning(
                    file + ": not valid before " + certificate.notBefore() + " (expected one that is valid now)");
        }
        if (certificate.expiresSoon(now)) {
            long hours = Duration.between(now, certificate.notAfter()).toHours();
            String left = hours < 48 ? hours + " hours" : hours / 24 + " days";
            setting.warning(file + ": expires at " + certificate.notAfter() + ", in " + left
                    + " (expected one that has been renewed)");
        }
    }

    /**
     * Warns of server names that clients do not accept a certificate for. Addresses are not looked at: a client that
     * asks for one names no host in its handshake (RFC 6066 section 3), and so never asks for the host's certificate.
     *
     * @param setting where the warning points
     * @param files of which it has been told already where they cannot be served
     */
    void tellUncovered(Setting setting, CertificateConfig files, List<String> serverNames) {
        LoadedCertificate certificate = loaded.get(files);
        if (certificate == null) {
            return;
        }
        List<String> uncovered = serverNames.stream()
                .filter(name -> IpAddress.parse(name) == null && !certificate.covers(name))
                .toList();
        if (!uncovered.isEmpty()) {
            setting.warning(files.certificate() + ": not for " + firstOf(uncovered) + " (expected one for all"
                    + " server-names; it is for " + firstOf(certificate.names()) + ")");
        }
    }

    private static String firstOf(List<String> names) {
        String first = String.join(", ", names.subList(0, Math.min(NAMES_SHOWN, names.size())));
        int more = names.size() - NAMES_SHOWN;
        return names.isEmpty() ? "none" : more > 0 ? first + " and " + more + " more" : first;
    }
}
