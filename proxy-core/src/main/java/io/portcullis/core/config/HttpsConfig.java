package io.portcullis.core.config;

import java.time.Duration;
import java.util.Optional;

/**
 * What a virtual host says about TLS.
 *
 * @param certificate its own; without one it is served with the default certificate of its TLS listeners
 * @param redirect whether what comes unencrypted is redirected to {@code https}
 * @param hsts what browsers are told, over TLS only, to remember (RFC 6797)
 */
public record HttpsConfig(Optional<CertificateConfig> certificate, boolean redirect, Optional<Hsts> hsts) {

    /** Nothing. */
    public static final HttpsConfig NONE = new HttpsConfig(Optional.empty(), false, Optional.empty());

    /**
     * HTTP Strict Transport Security.
     *
     * @param maxAge how long a browser is to use {@code https} only, in whole seconds; zero makes it forget
     * @param includeSubdomains for all names below the host's, too
     * @param preload whether the host asks to be in the lists that browsers are shipped with
     */
    public record Hsts(Duration maxAge, boolean includeSubdomains, boolean preload) {
        /** The value of {@code Strict-Transport-Security} (RFC 6797 section 6.1). */
        public String fieldValue() {
            return "max-age=" + maxAge.toSeconds() + (includeSubdomains ? "; includeSubDomains" : "")
                    + (preload ? "; preload" : "");
        }
    }
}
