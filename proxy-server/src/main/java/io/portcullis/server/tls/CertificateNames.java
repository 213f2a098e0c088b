package io.portcullis.server.tls;

import io.portcullis.core.net.IpAddress;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import org.jspecify.annotations.Nullable;

/**
 * The hosts that a certificate is for, by the rules of RFC 9525 section 6.3: its subjectAltName, where a {@code *} may
 * stand for exactly one label, the left-most. Only a certificate without any subjectAltName is asked for its common
 * name, as those that are made by hand for tests often have nothing else; browsers don't take it.
 */
final class CertificateNames {

    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;

    private final Set<String> names = new LinkedHashSet<>();
    /** What follows the {@code *}: {@code .example.com}. */
    private final Set<String> wildcards = new HashSet<>();

    private final Set<IpAddress> addresses = new HashSet<>();

    private CertificateNames() {}

    static CertificateNames of(X509Certificate certificate) throws CertificateParsingException {
        CertificateNames names = new CertificateNames();
        Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
        if (alternatives == null) {
            String commonName = commonName(certificate);
            if (commonName != null && IpAddress.parse(commonName) == null) {
                names.addHost(commonName.toLowerCase(Locale.ROOT));
            } else if (commonName != null) {
                names.addAddress(commonName);
            }
            return names;
        }
        for (List<?> alternative : alternatives) {
            int type = (Integer) alternative.get(0);
            if (type == DNS_NAME) {
                names.addHost(((String) alternative.get(1)).toLowerCase(Locale.ROOT));
            } else if (type == IP_ADDRESS) {
                names.addAddress((String) alternative.get(1));
            }
        }
        return names;
    }

    private static @Nullable String commonName(X509Certificate certificate) {
        try {
            for (Rdn part : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
                if (part.getType().equalsIgnoreCase("CN") && part.getValue() instanceof String name) {
                    return name;
                }
            }
        } catch (InvalidNameException e) {
            // A subject that can't be read names nobody.
        }
        return null;
    }

    private void addHost(String name) {
        names.add(name);
        if (name.startsWith("*.")) {
            wildcards.add(name.substring(1));
        }
    }

    private void addAddress(String literal) {
        IpAddress address = IpAddress.parse(literal);
        if (address != null) {
            names.add(address.toString());
            addresses.add(address);
        }
    }

    /** As the certificate has them, in lower case. */
    List<String> names() {
        return List.copyOf(names);
    }

    /** @see LoadedCertificate#covers */
    boolean covers(String name) {
        if (name.endsWith(".*")) {
            String prefix = name.substring(0, name.length() - 1);
            return names.stream().anyMatch(own -> own.startsWith(prefix));
        }
        if (name.startsWith("[") && name.endsWith("]")) {
            IpAddress address = IpAddress.parse(name, 1, name.length() - 1);
            return address != null && addresses.contains(address);
        }
        IpAddress address = IpAddress.parse(name);
        if (address != null) {
            return addresses.contains(address);
        }
        // "*.example.com" of the configuration is covered by the same text, and by nothing else.
        int dot = name.indexOf('.');
        return names.contains(name) || (dot > 0 && !name.startsWith("*") && wildcards.contains(name.substring(dot)));
    }
}
