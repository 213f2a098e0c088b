package io.portcullis.server.tls;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * How a certificate is at a moment.
 *
 * @param file which has the certificate
 * @param until when what is served expires
 * @param expiresSoon whether it should have been renewed by now, as {@link LoadedCertificate#expiresSoon} tells
 * @param fault why what is in its files now cannot be served, where that has been so for a while
 */
public record CertificateState(Path file, Instant until, boolean expiresSoon, Optional<String> fault) {}
