package io.portcullis.server.tls;

import io.portcullis.core.config.CertificateConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the file system tells of both files of a certificate without reading them; symbolic links are followed, as
 * certbot swaps them.
 */
record FileStamps(@Nullable Stamp certificate, @Nullable Stamp key) {

    /** Some file systems keep no finer time than this. */
    private static final Duration CLOCK_TICK = Duration.ofSeconds(2);

    /** Of one file; null where there is none. */
    record Stamp(FileTime modified, long size, @Nullable Object fileKey) {

        static @Nullable Stamp of(Path path) {
            try {
                BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
                return new Stamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
            } catch (IOException e) {
                // Reading will tell what is wrong.
                return null;
            }
        }

        boolean isSettled(Instant now) {
            return modified.toInstant().isBefore(now.minus(CLOCK_TICK));
        }
    }

    static FileStamps of(CertificateConfig files) {
        return new FileStamps(Stamp.of(files.certificate()), Stamp.of(files.key()));
    }

    /** Whether the next change will show: a file may change twice within a tick of its clock. */
    boolean isSettled(Instant now) {
        return certificate != null && key != null && certificate.isSettled(now) && key.isSettled(now);
    }
}
