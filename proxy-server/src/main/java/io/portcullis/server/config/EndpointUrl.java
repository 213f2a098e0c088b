package io.portcullis.server.config;

import io.portcullis.core.config.UpstreamConfig.EndpointConfig;
import io.portcullis.core.config.UpstreamConfig.Scheme;
import io.portcullis.core.net.IpAddress;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads an endpoint's URL strictly: scheme, host and port, and nothing that an endpoint has no use for. */
final class EndpointUrl {

    private static final String EXPECTED = "a URL such as http://127.0.0.1:8080";
    private static final String SCHEME_END = "://";
    private static final int LONGEST_NAME = 253;

    /** nginx's {@code grpc_pass}, and what browsers call WebSockets. */
    private static final Map<String, String> OTHERS_NAMES =
            Map.of("grpc", "h2c", "grpcs", "h2", "ws", "http", "wss", "https");

    /** Underscores are in no host name (RFC 952), yet container engines give such names. */
    private static final Pattern HOST_NAME =
            Pattern.compile("[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*");

    private static final Pattern NUMBERED = Pattern.compile("(.*\\.)?[0-9]+");

    private EndpointUrl() {}

    static @Nullable EndpointConfig read(Setting setting) {
        String text = setting.text(EXPECTED);
        if (text == null) {
            return null;
        }
        int schemeEnd = text.indexOf(SCHEME_END);
        Scheme scheme = schemeEnd < 0 ? null : scheme(text.substring(0, schemeEnd));
        if (scheme == null) {
            setting.problem(setting.shown() + " is no http, https, h2 or h2c URL" + meant(text, schemeEnd));
            return null;
        }
        String authority = text.substring(schemeEnd + SCHEME_END.length());
        if (authority.endsWith("/")) {
            authority = authority.substring(0, authority.length() - 1);
        }
        String superfluous = superfluous(authority);
        if (!superfluous.isEmpty()) {
            setting.problem(setting.shown() + ": " + superfluous);
            return null;
        }
        return readAuthority(setting, scheme, authority);
    }

    static boolean isHostName(String text) {
        String name = text.toLowerCase(Locale.ROOT);
        return name.length() <= LONGEST_NAME && HOST_NAME.matcher(name).matches();
    }

    private static @Nullable EndpointConfig readAuthority(Setting setting, Scheme scheme, String authority) {
        int bracket = authority.lastIndexOf(']');
        int colon = authority.indexOf(':', bracket + 1);
        String host = host(colon < 0 ? authority : authority.substring(0, colon));
        int port = colon < 0 ? scheme.defaultPort : Ports.parse(authority.substring(colon + 1));
        if (host.isEmpty()) {
            setting.problem(setting.shown() + " has no valid host (expected a name or an address, IPv6 in"
                    + " brackets, such as http://127.0.0.1:8080 or http://[::1]:8080)");
            return null;
        }
        if (port < 1) {
            setting.problem(setting.shown() + " has no valid port (expected 1 to 65535)");
            return null;
        }
        return new EndpointConfig(scheme, host, port);
    }

    /** The host in lower case, IPv6 without brackets; empty where it is neither name nor address. */
    private static String host(String text) {
        if (text.startsWith("[") && text.endsWith("]")) {
            IpAddress address = IpAddress.parse(text.substring(1, text.length() - 1));
            return address == null || text.indexOf(':') < 0 ? "" : address.toString();
        }
        // No name ends in a number (RFC 1123 section 2.1): 127.0.0.300 is a slip, not a name.
        boolean valid = NUMBERED.matcher(text).matches() ? IpAddress.parse(text) != null : isHostName(text);
        return valid ? text.toLowerCase(Locale.ROOT) : "";
    }

    /** Others name what goes over a connection by what it is used for. */
    private static String meant(String text, int schemeEnd) {
        String scheme = schemeEnd < 0
                ? null
                : OTHERS_NAMES.get(text.substring(0, schemeEnd).toLowerCase(Locale.ROOT));
        return scheme == null
                ? " (expected one such as http://127.0.0.1:8080)"
                : " (did you mean \"" + Setting.cut(scheme + text.substring(schemeEnd)) + "\"?)";
    }

    private static @Nullable Scheme scheme(String text) {
        for (Scheme scheme : Scheme.values()) {
            if (scheme.text.equalsIgnoreCase(text)) {
                return scheme;
            }
        }
        return null;
    }

    private static String superfluous(String authority) {
        if (authority.indexOf('?') >= 0 || authority.indexOf('#') >= 0) {
            return "endpoints take no query (expected " + EXPECTED + ")";
        }
        if (authority.indexOf('/') >= 0) {
            return "endpoints take no path; use a route (expected " + EXPECTED + ")";
        }
        if (authority.indexOf('@') >= 0) {
            return "endpoints take no user or password (expected " + EXPECTED + ")";
        }
        return "";
    }
}
