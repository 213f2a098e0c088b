package io.portcullis.server.cli.doctor;

import io.portcullis.core.config.CertificateConfig;
import io.portcullis.core.config.ListenerConfig;
import io.portcullis.core.config.PortcullisConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Whether private keys and the admin token are kept from the machine's other users. */
final class SecretFilesCheck implements Check {

    @Override
    public String name() {
        return "secret files";
    }

    @Override
    public void look(Scene scene, Findings findings) {
        scene.config().ifPresent(config -> {
            Set<Path> files = new TreeSet<>(keys(config).toList());
            files.add(config.admin().tokenFile());
            for (Path file : files) {
                if (isOpen(file)) {
                    findings.problem(
                            "every user of this machine can read " + file,
                            "chmod o-rwx " + file + "; then have the key or the token replaced, if others may have read"
                                    + " it.");
                }
            }
            if (findings.isEmpty()) {
                findings.ok("the admin token and private keys are kept from other users");
            }
        });
    }

    private static Stream<Path> keys(PortcullisConfig config) {
        Stream<Optional<CertificateConfig>> ofListeners = config.listeners().stream()
                .flatMap(listener -> listener.tls().stream())
                .map(ListenerConfig.Tls::defaultCertificate);
        Stream<Optional<CertificateConfig>> ofHosts =
                config.virtualHosts().stream().map(host -> host.https().certificate());
        return Stream.concat(ofListeners, ofHosts).flatMap(Optional::stream).map(CertificateConfig::key);
    }

    private static boolean isOpen(Path file) {
        try {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            return permissions.contains(PosixFilePermission.OTHERS_READ)
                    || permissions.contains(PosixFilePermission.OTHERS_WRITE);
        } catch (IOException | UnsupportedOperationException e) {
            return false; // not there: the configuration says so where it matters
        }
    }
}
