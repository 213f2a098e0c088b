package io.portcullis.server.config;

import io.portcullis.core.config.CertificateConfig;
import io.portcullis.core.config.Defaults;
import io.portcullis.core.config.HttpsConfig;
import io.portcullis.core.config.HttpsConfig.Hsts;
import io.portcullis.core.config.ListenerConfig;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads what a virtual host says about TLS, and holds it against the listeners that the host is on. */
final class HttpsReader {

    /** How messages name a virtual host's own certificate. */
    static final String OWN = "tls { certificate = \"shop.crt\", key = \"shop.key\" }";

    private static final String SERVER_NAMES = "server-names";
    private static final String TLS = "tls";
    private static final String REDIRECT = "redirect-to-https";
    private static final String HSTS = "hsts";

    private final MainFile main;
    private final CertificateReader certificates;

    HttpsReader(MainFile main, CertificateReader certificates) {
        this.main = main;
        this.certificates = certificates;
    }

    /**
     * Reads the keys of one virtual host.
     *
     * @param listeners the names of those that the host is on
     * @param serverNames the host's
     */
    HttpsConfig read(Section section, List<String> listeners, List<String> serverNames) {
        CertificateConfig own = section.readIfGiven(TLS, setting -> readOwn(setting, serverNames));
        boolean redirect = section.flag(REDIRECT, Defaults.REDIRECT_TO_HTTPS);
        Hsts hsts = section.readIfGiven(HSTS, HstsReader::read);
        List<ListenerConfig> on = main.listeners().stream()
                .filter(listener -> listeners.contains(listener.name()))
                .toList();
        // What a listener with a problem would be is not known.
        if (!on.isEmpty() && on.size() == listeners.size()) {
            List<ListenerConfig> encrypted =
                    on.stream().filter(listener -> listener.tls().isPresent()).toList();
            if (encrypted.isEmpty()) {
                refuseWithoutTls(section.get(TLS), listeners);
                refuseWithoutTls(redirect ? section.get(REDIRECT) : null, listeners);
                refuseWithoutTls(section.get(HSTS), listeners);
            } else if (!section.has(TLS)) {
                serveWithDefault(section, encrypted, serverNames);
            }
        }
        return new HttpsConfig(Optional.ofNullable(own), redirect, Optional.ofNullable(hsts));
    }

    private @Nullable CertificateConfig readOwn(Setting setting, List<String> serverNames) {
        if (!setting.isBlock()) {
            setting.problem(setting.shown() + " is not a block (expected " + OWN
                    + ", or no such key where the listener has a default certificate)");
            return null;
        }
        CertificateConfig own = setting.block(certificates::read);
        if (own != null) {
            certificates.tellUncovered(setting, own, serverNames);
        }
        return own;
    }

    private void refuseWithoutTls(@Nullable Setting setting, List<String> listeners) {
        if (setting == null) {
            return;
        }
        List<String> encrypted = main.listeners().stream()
                .filter(listener -> listener.tls().isPresent())
                .map(ListenerConfig::name)
                .toList();
        String expected = encrypted.isEmpty()
                ? "one such as https { bind = \"0.0.0.0:443\", tls = true }"
                : Suggestions.anyOf(encrypted) + " among them";
        setting.problem("the host is on no TLS listener, only on " + String.join(", ", listeners) + " (expected "
                + expected + ")");
    }

    private void serveWithDefault(Section section, List<ListenerConfig> encrypted, List<String> serverNames) {
        Setting names = section.get(SERVER_NAMES);
        for (ListenerConfig listener : encrypted) {
            CertificateConfig certificate = listener.tls()
                    .flatMap(ListenerConfig.Tls::defaultCertificate)
                    .orElse(null);
            if (certificate == null) {
                section.problem(
                        TLS,
                        "missing, and TLS listener " + listener.name() + " has no default certificate (expected " + OWN
                                + " here, or " + ListenerReader.DEFAULT + " in portcullis.listeners."
                                + listener.name() + ")");
            } else if (names != null) {
                certificates.tellUncovered(names, certificate, serverNames);
            }
        }
    }
}
