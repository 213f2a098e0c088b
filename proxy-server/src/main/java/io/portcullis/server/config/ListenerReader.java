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
        BindAddress parsed = BindAddress.parse(text);
        if (parsed == null) {
            bind.problem(bind.shown() + " is no address and port (expected one such as \"0.0.0.0:80\" or \"[::]:80\";"
                    + " names are not looked up)");
            return null;
        }
        IpAddress address = parsed.address();
        int port = parsed.port();
        String other = port == 0 ? null : nameByBind.putIfAbsent(address + " " + port, name);
        if (other != null) {
            bind.problem(
                    bind.shown() + " is taken by listener " + other + " (expected an address and port of its own)");
        }
        return ListenerConfig.plain(name, address, port);
    }
}
