package io.portcullis.server.config;

import io.portcullis.core.config.CertificateConfig;
import io.portcullis.core.config.Defaults;
import io.portcullis.core.config.ListenerConfig;
import io.portcullis.core.config.ListenerConfig.Tls;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads {@code listeners}. */
final class ListenerReader {

    /** How messages name a default certificate. */
    static final String DEFAULT = "tls { certificate = \"default.crt\", key = \"default.key\" }";

    private static final String BIND = "an address and port such as \"0.0.0.0:80\" or \"[::]:80\"";

    private final boolean hasTrustedProxies;
    private final CertificateReader certificates;
    private final List<ListenerConfig> listeners = new ArrayList<>();
    private final Map<String, String> nameByBind = new HashMap<>();

    private ListenerReader(boolean hasTrustedProxies, CertificateReader certificates) {
        this.hasTrustedProxies = hasTrustedProxies;
        this.certificates = certificates;
    }

    /** The value of {@code tls}, where it is none that is a problem. */
    private record Encryption(Optional<Tls> tls) {
        static final Encryption NONE = new Encryption(Optional.empty());

        static Encryption with(Optional<CertificateConfig> defaultCertificate) {
            return new Encryption(Optional.of(new Tls(defaultCertificate)));
        }
    }

    /**
     * The listeners, without those that have problems.
     *
     * @param hasTrustedProxies whether there is anybody to believe a PROXY protocol header from
     */
    static List<ListenerConfig> read(
            Map<String, Setting> members, boolean hasTrustedProxies, CertificateReader certificates) {
        ListenerReader reader = new ListenerReader(hasTrustedProxies, certificates);
        members.forEach((name, setting) -> {
            if (!Names.isName(name)) {
                setting.problem("not a name for a listener " + Names.EXPECTED);
            }
            ListenerConfig listener = setting.block(section -> reader.readOne(name, section));
            if (listener != null) {
                reader.listeners.add(listener);
            }
        });
        return reader.listeners;
    }

    private @Nullable ListenerConfig readOne(String name, Section section) {
        Setting bind = section.required("bind", BIND);
        BindAddress address = bind == null ? null : bindAddress(name, bind);
        Encryption encryption = encryption(section);
        boolean encrypted = encryption != null && encryption.tls().isPresent();
        boolean http2 = section.flag("http2", encrypted);
        boolean proxyProtocol = proxyProtocol(section);
        return address == null || encryption == null
                ? null
                : new ListenerConfig(name, address.address(), address.port(), proxyProtocol, http2, encryption.tls());
    }

    private @Nullable BindAddress bindAddress(String name, Setting bind) {
        String text = bind.text(BIND);
        BindAddress parsed = text == null ? null : BindAddress.parse(text);
        if (parsed == null) {
            if (text != null) {
                bind.problem(bind.shown() + " is no address and port (expected one such as \"0.0.0.0:80\" or"
                        + " \"[::]:80\"; names are not looked up)");
            }
            return null;
        }
        String taken = parsed.address() + " " + parsed.port();
        String other = parsed.port() == 0 ? null : nameByBind.putIfAbsent(taken, name);
        if (other != null) {
            bind.problem(
                    bind.shown() + " is taken by listener " + other + " (expected an address and port of its own)");
        }
        return parsed;
    }

    /** Whether there is TLS, and how; null where that is a problem. */
    private @Nullable Encryption encryption(Section section) {
        Setting setting = section.get("tls");
        if (setting == null) {
            return section.has("tls") ? null : Encryption.NONE;
        }
        if (setting.isBlock()) {
            certificates.expect();
            return setting.block(this::defaultCertificate);
        }
        Boolean on = setting.flagOr("a block such as " + DEFAULT);
        if (on == null) {
            return null;
        }
        if (!on) {
            return Encryption.NONE;
        }
        certificates.expect();
        return Encryption.with(Optional.empty());
    }

    private @Nullable Encryption defaultCertificate(Section section) {
        if (!CertificateReader.isGiven(section)) {
            return Encryption.with(Optional.empty());
        }
        CertificateConfig certificate = certificates.read(section);
        return certificate == null ? null : Encryption.with(Optional.of(certificate));
    }

    /** Without trusted proxies it is no danger, and of no use: who asks for it has forgotten to name them. */
    private boolean proxyProtocol(Section section) {
        Given<Boolean> given = section.readIfGiven("proxy-protocol", Given.of(Setting::flag));
        boolean on = Given.orElse(given, Defaults.LISTENER_PROXY_PROTOCOL);
        if (given != null && on && !hasTrustedProxies) {
            given.setting()
                    .warning("true, and nobody's header is believed (expected the address of whoever sends it in"
                            + " trusted-proxies)");
        }
        return on;
    }
}
