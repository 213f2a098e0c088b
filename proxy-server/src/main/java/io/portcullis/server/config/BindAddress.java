package io.portcullis.server.config;

import io.portcullis.core.net.IpAddress;
import org.jspecify.annotations.Nullable;

/** An address and port as operators write them: {@code 127.0.0.1:80}, {@code [::1]:80}. Names are not looked up. */
record BindAddress(IpAddress address, int port) {

    /** The address and port, or null where the text is neither. */
    static @Nullable BindAddress parse(String text) {
        int colon = text.lastIndexOf(':');
        IpAddress address = colon < 0 ? null : address(text.substring(0, colon));
        int port = Ports.parse(text.substring(colon + 1));
        return address == null || port < 0 ? null : new BindAddress(address, port);
    }

    /** IPv6 in brackets (RFC 3986 section 3.2.2), IPv4 without. */
    private static @Nullable IpAddress address(String text) {
        boolean bracketed = text.startsWith("[") && text.endsWith("]");
        String literal = bracketed ? text.substring(1, text.length() - 1) : text;
        boolean ipv6 = literal.indexOf(':') >= 0;
        return ipv6 == bracketed ? IpAddress.parse(literal) : null;
    }
}
