package io.portcullis.server.tls;

import io.portcullis.core.config.CertificateConfig;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All certificates that the process serves. It lives as long as the process: sessions are resumed across reloads, and
 * what is served is always the last good content of the files.
 *
 * <p>Guarded by itself; reads files, so never to be called on an event loop.
 */
public final class Certificates {

    private final InstantSource clock;
    /** Null until it is needed, where what loads here is to be taken. */
    private @Nullable TlsLibrary tlsLibrary;

    private final SecureRandom random = new SecureRandom();
    private final Map<CertificateConfig, WatchedFiles> watched = new HashMap<>();

    /** With the library that {@link TlsLibrary#chosen} names. */
    public Certificates(InstantSource clock) {
        this.clock = clock;
        this.tlsLibrary = TlsLibrary.named();
    }

    /** @param tlsLibrary must load here */
    public Certificates(InstantSource clock, TlsLibrary tlsLibrary) {
        this.clock = clock;
        this.tlsLibrary = tlsLibrary;
    }

    /** What does the cryptography, or will. Loads it; waits while files are being read. */
    public synchronized TlsLibrary tlsLibrary() {
        TlsLibrary library = tlsLibrary;
        if (library == null) {
            library = TlsLibrary.chosen();
            tlsLibrary = library;
        }
        return library;
    }

    /**
     * What serves a certificate: the same object for the same files and protocols, until it is given up by
     * {@link #keepOnly}. Files that are served already are looked at again.
     *
     * @param http2 whether HTTP/2 is offered by ALPN, before HTTP/1.1
     * @throws CertificateFault if files that are not served yet have no valid certificate
     */
    public synchronized ServedCertificate serve(CertificateConfig files, boolean http2) throws CertificateFault {
        Instant now = clock.instant();
        CertificateConfig key = new CertificateConfig(canonical(files.certificate()), canonical(files.key()));
        WatchedFiles known = watched.get(key);
        if (known == null) {
            known = WatchedFiles.open(key, now);
            watched.put(key, known);
        } else {
            known.refresh(now);
        }
        return known.serve(http2, tlsLibrary(), random, now);
    }

    /** Symbolic links stay: where they lead to may change. */
    private static Path canonical(Path path) {
        return path.toAbsolutePath().normalize();
    }

    /** Looks for changed files and puts what is new in place. To be called every few seconds. */
    public synchronized void refresh() {
        Instant now = clock.instant();
        watched.values().forEach(files -> files.refresh(now));
    }

    /** How each is, in no particular order. Waits while files are being read. */
    public synchronized List<CertificateState> states() {
        Instant now = clock.instant();
        return watched.values().stream().map(files -> files.state(now)).toList();
    }

    /** Gives up the files of all others: nobody renews or removes what the configuration no longer names. */
    public synchronized void keepOnly(Collection<ServedCertificate> inUse) {
        watched.values().removeIf(files -> inUse.stream().noneMatch(files::has));
    }
}
