package io.portcullis.server.config;

import io.portcullis.core.config.ListenerConfig;
import io.portcullis.core.net.IpAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code listeners}. */
final class ListenerReader {

    private static final String BIND = "an address and port such as \"0.0.0.0:80\" or \"[::]:80\"";

    private final List<ListenerConfig> listeners = new ArrayList<>();
    private final Map<String, String> nameByBind = new HashMap<>();

    private ListenerReader() {}

    /** The listeners, without those that have problems. */
    static List<ListenerConfig> read(Map<String, Setting> members) {
        ListenerReader reader = new ListenerReader();
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
        section.later("tls", "http2", "proxy-protocol");
        Setting bind = section.required("bind", BIND);
        String text = bind == null ? null : bind.text(BIND);
        if (bind == null || text == null) {
            return null;
        }
        int colon = text.lastIndexOf(':');
        IpAddress address = colon < 0 ? null : address(text.substring(0, colon));
        int port = Ports.parse(text.substring(colon + 1));
        if (address == null || port < 0) {
            bind.problem(bind.shown() + " is no address and port (expected one such as \"0.0.0.0:80\" or \"[::]:80\";"
                    + " names are not looked up)");
            return null;
        }
        String other = port == 0 ? null : nameByBind.putIfAbsent(address + " " + port, name);
        if (other != null) {
            bind.problem(
                    bind.shown() + " is taken by listener " + other + " (expected an address and port of its own)");
        }
        return new ListenerConfig(name, address, port);
    }

    /** IPv6 in brackets (RFC 3986 section 3.2.2), IPv4 without. */
    private static @Nullable IpAddress address(String text) {
        boolean bracketed = text.startsWith("[") && text.endsWith("]");
        String literal = bracketed ? text.substring(1, text.length() - 1) : text;
        boolean ipv6 = literal.indexOf(':') >= 0;
        return ipv6 == bracketed ? IpAddress.parse(literal) : null;
    }
}
