package io.portcullis.core.config;

import java.nio.file.Path;

/**
 * The files of a certificate.
 *
 * @param certificate PEM: the certificate, then those that lead to one that clients trust
 * @param key PEM: its private key, not encrypted
 */
public record CertificateConfig(Path certificate, Path key) {}
