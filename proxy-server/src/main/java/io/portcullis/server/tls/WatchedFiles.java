package io.portcullis.server.tls;

import io.netty.handler.ssl.SslContext;
import io.portcullis.core.config.CertificateConfig;
import io.portcullis.server.tls.CertificateFault.Part;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The two files of a certificate over time. New content takes the place of the old where it is whole and both files
 * belong together; until then what was served is served on. A renewal writes one file after the other, so content is
 * called broken only when it has stayed the same for a while.
 *
 * <p>Guarded by the {@link Certificates} that it is in.
 */
final class WatchedFiles {

    static final String LOG_NAME = "io.portcullis.tls";

    /** How long a renewal may take between its two files. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(LOG_NAME);
    private static final Duration BETWEEN_EXPIRY_WARNINGS = Duration.ofDays(1);

    private final CertificateConfig files;
    private final List<ServedCertificate> served = new ArrayList<>(2);

    private LoadedCertificate certificate;
    /** Of the content that is served. */
    private String digest;
    /** Under which the content was last read and found to be what is served; null where it must be read again. */
    private @Nullable FileStamps stamps;

    private @Nullable Pending pending;
    private Instant expiryTold;

    /**
     * Content that can't be served.
     *
     * @param content which, by its digest or by why it can't be read
     * @param since when it was first seen
     * @param fault why
     * @param told whether the operator knows
     */
    private record Pending(String content, Instant since, String fault, boolean told) {}

    private WatchedFiles(CertificateConfig files, LoadedCertificate certificate, String digest, Instant now) {
        this.files = files;
        this.certificate = certificate;
        this.digest = digest;
        // What is loaded at a start or a reload has just been checked, and the operator told.
        expiryTold = now;
    }

    /** What reading both files gave. */
    private static final class Content {
        private final byte[] certificate;
        private final byte[] key;

        private Content(byte[] certificate, byte[] key) {
            this.certificate = certificate;
            this.key = key;
        }

        static Content of(CertificateConfig files) throws CertificateFault {
            return new Content(
                    LoadedCertificate.content(files.certificate(), Part.CERTIFICATE),
                    LoadedCertificate.content(files.key(), Part.KEY));
        }

        String digest() {
            try {
                MessageDigest sha = MessageDigest.getInstance("SHA-256");
                sha.update(sha.digest(certificate));
                return HexFormat.of().formatHex(sha.digest(key));
            } catch (NoSuchAlgorithmException e) {
                throw new AssertionError("every JDK has SHA-256", e);
            }
        }
    }

    /** Reads the files for the first time. One that has expired is taken: there is no better one to serve on. */
    static WatchedFiles open(CertificateConfig files, Instant now) throws CertificateFault {
        Content content = Content.of(files);
        LoadedCertificate certificate = LoadedCertificate.of(files, content.certificate, content.key);
        return new WatchedFiles(files, certificate, content.digest(), now);
    }

    /** The one object that serves these files with or without HTTP/2. */
    ServedCertificate serve(boolean http2, TlsLibrary library, SecureRandom random, Instant now)
            throws CertificateFault {
        for (ServedCertificate one : served) {
            if (one.isHttp2() == http2) {
                return one;
            }
        }
        try {
            ServedCertificate one = new ServedCertificate(certificate, http2, library, random, now);
            served.add(one);
            return one;
        } catch (SSLException e) {
            throw refused(e);
        }
    }

    private CertificateFault refused(SSLException e) {
        return new CertificateFault(
                Part.CERTIFICATE, files.certificate() + ": refused by the TLS library: " + e.getMessage());
    }

    /** Looks for changes, and does what the time demands. */
    void refresh(Instant now) {
        FileStamps seen = FileStamps.of(files);
        if (pending != null || !seen.equals(stamps)) {
            read(seen, now);
        }
        served.forEach(one -> one.rotateTickets(now));
        warnOfExpiry(now);
    }

    private void read(FileStamps before, Instant now) {
        String content = null;
        try {
            Content read = Content.of(files);
            if (!FileStamps.of(files).equals(before)) {
                // Being written at this moment.
                return;
            }
            content = read.digest();
            if (!content.equals(digest)) {
                LoadedCertificate fresh = LoadedCertificate.of(files, read.certificate, read.key);
                requireValid(fresh, now);
                replace(fresh, now);
                digest = content;
            }
            pending = null;
            stamps = before.isSettled(now) ? before : null;
        } catch (CertificateFault e) {
            stillBroken(content == null ? e.getMessage() : content, e, now);
        }
    }

    private void requireValid(LoadedCertificate fresh, Instant now) throws CertificateFault {
        fresh.requireUnexpired(now);
        if (fresh.notBefore().isAfter(now)) {
            throw new CertificateFault(
                    Part.CERTIFICATE,
                    files.certificate() + ": not valid before " + fresh.notBefore() + " (expected: valid by now)");
        }
    }

    private void replace(LoadedCertificate fresh, Instant now) throws CertificateFault {
        List<SslContext> contexts = new ArrayList<>();
        try {
            for (ServedCertificate one : served) {
                contexts.add(one.contextOf(fresh));
            }
        } catch (SSLException e) {
            throw refused(e);
        }
        for (int i = 0; i < contexts.size(); i++) {
            served.get(i).replace(fresh, contexts.get(i));
        }
        certificate = fresh;
        expiryTold = now.minus(BETWEEN_EXPIRY_WARNINGS);
        LOG.info("certificate {} replaced: valid until {}", fresh.name(), fresh.notAfter());
    }

    private void stillBroken(String content, CertificateFault fault, Instant now) {
        Pending before = pending;
        if (before == null || !before.content().equals(content)) {
            pending = new Pending(content, now, fault.getMessage(), false);
        } else if (!before.told() && !now.isBefore(before.since().plus(PATIENCE))) {
            pending = new Pending(content, before.since(), fault.getMessage(), true);
            LOG.warn(
                    "certificate {} not replaced, the one valid until {} is served on: {}",
                    certificate.name(),
                    certificate.notAfter(),
                    fault.getMessage());
        }
    }

    private void warnOfExpiry(Instant now) {
        if (!certificate.expiresSoon(now) || now.isBefore(expiryTold.plus(BETWEEN_EXPIRY_WARNINGS))) {
            return;
        }
        expiryTold = now;
        Duration left = Duration.between(now, certificate.notAfter());
        if (left.isNegative() || left.isZero()) {
            LOG.warn("certificate {} has expired at {}: renew it", certificate.name(), certificate.notAfter());
        } else {
            LOG.warn(
                    "certificate {} expires at {}, in {} {}: renew it",
                    certificate.name(),
                    certificate.notAfter(),
                    left.toDays() > 0 ? left.toDays() : Math.max(1, left.toHours()),
                    left.toDays() > 0 ? "days" : "hours");
        }
    }

    CertificateState state(Instant now) {
        Optional<String> fault =
                Optional.ofNullable(pending).filter(Pending::told).map(Pending::fault);
        return new CertificateState(files.certificate(), certificate.notAfter(), certificate.expiresSoon(now), fault);
    }

    boolean has(ServedCertificate one) {
        return served.contains(one);
    }
}
