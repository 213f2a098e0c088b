package io.portcullis.server.runtime;

import io.portcullis.core.config.PortcullisConfig;
import io.portcullis.core.config.VirtualHostConfig;
import io.portcullis.server.admin.ReloadReport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What differs between two configurations, as an operator speaks of it. */
final class ConfigChanges {

    /** The keys of the main file that come into force whole, and what stands under them. */
    private static final Map<String, Function<PortcullisConfig, Object>> SETTINGS = settings();

    private ConfigChanges() {}

    private static Map<String, Function<PortcullisConfig, Object>> settings() {
        Map<String, Function<PortcullisConfig, Object>> settings = new LinkedHashMap<>();
        settings.put("trusted-proxies", PortcullisConfig::trustedProxies);
        settings.put("client-address-header", PortcullisConfig::clientAddressHeader);
        settings.put("allowlist", PortcullisConfig::allowlist);
        settings.put("denylist", PortcullisConfig::denylist);
        settings.put("default-host", PortcullisConfig::defaultHost);
        settings.put("jails", PortcullisConfig::jails);
        settings.put("bans", PortcullisConfig::bans);
        settings.put("admin", PortcullisConfig::admin);
        settings.put("log", PortcullisConfig::log);
        settings.put("limits", PortcullisConfig::limits);
        settings.put("timeouts", PortcullisConfig::timeouts);
        return settings;
    }

    /** The keys of the main file that have other values; listeners and virtual hosts are told by name. */
    static List<String> settings(PortcullisConfig before, PortcullisConfig after) {
        return SETTINGS.entrySet().stream()
                .filter(setting -> !setting.getValue()
                        .apply(before)
                        .equals(setting.getValue().apply(after)))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** A virtual host whose file has another name is another one. */
    static ReloadReport.Hosts hosts(PortcullisConfig before, PortcullisConfig after) {
        Map<String, VirtualHostConfig> removed = new LinkedHashMap<>();
        before.virtualHosts().forEach(host -> removed.put(host.name(), host));
        List<String> added = new ArrayList<>();
        List<String> changed = new ArrayList<>();
        for (VirtualHostConfig host : after.virtualHosts()) {
            VirtualHostConfig known = removed.remove(host.name());
            if (known == null) {
                added.add(host.name());
            } else if (!known.equals(host)) {
                changed.add(host.name());
            }
        }
        return new ReloadReport.Hosts(added, changed, List.copyOf(removed.keySet()));
    }
}
