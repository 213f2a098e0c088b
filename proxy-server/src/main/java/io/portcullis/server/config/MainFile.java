package io.portcullis.server.config;

import io.portcullis.core.config.AdminConfig;
import io.portcullis.core.config.BansConfig;
import io.portcullis.core.config.ClientAddressHeader;
import io.portcullis.core.config.DefaultHost;
import io.portcullis.core.config.Defaults;
import io.portcullis.core.config.LimitsConfig;
import io.portcullis.core.config.ListenerConfig;
import io.portcullis.core.config.LogConfig;
import io.portcullis.core.config.PortcullisConfig;
import io.portcullis.core.config.TimeoutsConfig;
import io.portcullis.core.config.TransportKind;
import io.portcullis.core.config.VirtualHostConfig;
import io.portcullis.core.net.Cidr;
import io.portcullis.core.net.CidrSet;
import io.portcullis.core.net.Denylist;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The main file, read key by key; what only makes sense beside the virtual hosts is kept as it stands until then. */
final class MainFile {

    private static final int KIB = 1024;
    private static final int MOST_HEAD_BYTES = 1024 * KIB;
    private static final int MOST_HEADERS = 1_000;
    private static final int MOST_CONNECTIONS = 1_000_000;
    private static final int MOST_THREADS = 1_024;

    private final Findings findings;
    private final Map<String, Setting> listenerSettings;
    private final List<ListenerConfig> listeners;
    private final Place hostsPlace;
    private final Path hostsFolder;
    private final CidrSet trustedProxies;
    private final ClientAddressHeader clientAddressHeader;
    private final CidrSet allowlist;
    private final Denylist denylist;
    private final @Nullable Setting defaultHost;
    private final Map<String, JailSettings> jails;
    private final BansConfig bans;
    private final AdminConfig admin;
    private final LogConfig log;
    private final LimitsConfig limits;
    private final TimeoutsConfig timeouts;
    private final int threads;
    private final TransportKind transport;

    private MainFile(Section section, Findings findings, CertificateReader certificates) {
        this.findings = findings;
        this.listenerSettings = section.block("listeners", MainFile::listenerMembers);
        Setting folder = section.get("virtual-hosts-dir");
        Path given = folder == null ? null : folder.path();
        this.hostsPlace =
                folder == null ? section.place().key("virtual-hosts-dir", "virtual-hosts-dir") : folder.place();
        this.hostsFolder = given == null ? section.place().resolve(Defaults.VIRTUAL_HOSTS_DIR) : given;
        this.trustedProxies = AddressList.read(section, "trusted-proxies", CidrSet.EMPTY, findings);
        this.listeners = ListenerReader.read(listenerSettings, !trustedProxies.isEmpty(), certificates);
        this.clientAddressHeader = section.choice(
                "client-address-header",
                List.of(ClientAddressHeader.values()),
                header -> header.fieldName,
                Defaults.CLIENT_ADDRESS_HEADER);
        this.allowlist = AddressList.read(section, "allowlist", defaultAllowlist(), findings);
        this.denylist = AddressList.readDenylist(section, "denylist", findings);
        this.defaultHost = section.get("default-host");
        this.bans = BansReader.read(section);
        this.jails = section.block("jails", jailReader()::read);
        this.admin = section.block("admin", AdminReader::read);
        this.log = section.block("log", LogReader::read);
        this.limits = section.block("limits", MainFile::limits);
        this.timeouts = section.block("timeouts", MainFile::timeouts);
        int eventLoops = section.number("threads", 0, MOST_THREADS, Defaults.THREADS);
        this.threads = eventLoops == 0 ? Runtime.getRuntime().availableProcessors() : eventLoops;
        this.transport = section.choice(
                "transport",
                List.of(TransportKind.values()),
                kind -> kind.name().toLowerCase(Locale.ROOT),
                Defaults.TRANSPORT);
    }

    /** The main file, or null where it is not there or is not HOCON. */
    static @Nullable MainFile read(Path path, Findings findings, CertificateReader certificates) {
        return SourceFile.read(
                path,
                findings,
                root -> root.block("portcullis", section -> new MainFile(section, findings, certificates)));
    }

    /** In the order of the file, those with problems too: what refers to them is no further problem. */
    List<String> listenerNames() {
        return List.copyOf(listenerSettings.keySet());
    }

    /** In the order of the file, without those that have problems. */
    List<ListenerConfig> listeners() {
        return listeners;
    }

    Map<String, JailSettings> jails() {
        return jails;
    }

    JailReader jailReader() {
        return new JailReader(findings, bans.remember());
    }

    Path hostsFolder() {
        return hostsFolder;
    }

    /** Where the folder is named, or would be. */
    Place hostsPlace() {
        return hostsPlace;
    }

    /** @param hostNames those with problems too */
    PortcullisConfig with(List<VirtualHostConfig> virtualHosts, List<String> hostNames) {
        if (!findings.hasProblems()) { // a virtual host with a problem may be the one that is missing there
            tellListenersWithoutCertificate(virtualHosts);
        }
        Map<String, JailSettings> complete = new LinkedHashMap<>(jails);
        complete.values()
                .removeIf(jail -> !jail.conditions().hasCondition()); // told for each virtual host that leaves it so
        return new PortcullisConfig(
                listeners,
                virtualHosts,
                trustedProxies,
                clientAddressHeader,
                allowlist,
                denylist,
                defaultHost(hostNames),
                jailReader().merge(Map.of(), complete),
                bans,
                admin,
                log,
                limits,
                timeouts,
                threads,
                transport);
    }

    /** Those with virtual hosts are told there. */
    private void tellListenersWithoutCertificate(List<VirtualHostConfig> virtualHosts) {
        for (ListenerConfig listener : listeners) {
            boolean hasDefault = listener.tls().isEmpty()
                    || listener.tls().get().defaultCertificate().isPresent();
            if (!hasDefault
                    && virtualHosts.stream().noneMatch(host -> host.listeners().contains(listener.name()))) {
                Objects.requireNonNull(listenerSettings.get(listener.name()))
                        .problem("no certificate, since no virtual host is on it (expected one with " + HttpsReader.OWN
                                + ", or " + ListenerReader.DEFAULT + " here)");
            }
        }
    }

    private DefaultHost defaultHost(List<String> hostNames) {
        List<String> words = new ArrayList<>(DefaultHosts.WORDS);
        words.addAll(hostNames);
        String name = defaultHost == null ? null : defaultHost.choice(words, word -> word);
        return name == null ? Defaults.DEFAULT_HOST : DefaultHosts.of(name);
    }

    private static Map<String, Setting> listenerMembers(Section section) {
        Map<String, Setting> members = section.members();
        if (members.isEmpty()) {
            section.problem("no listener (expected at least one, such as http { bind = \"0.0.0.0:80\" })");
        }
        return members;
    }

    private static CidrSet defaultAllowlist() {
        return CidrSet.of(Defaults.ALLOWLIST.stream()
                .map(Cidr::parse)
                .map(Objects::requireNonNull)
                .toList());
    }

    private static LimitsConfig limits(Section section) {
        long headSize =
                section.read("max-head-size", setting -> setting.size(KIB, MOST_HEAD_BYTES, "1KiB to 1MiB"), (long)
                        Defaults.MAX_HEAD_SIZE);
        return new LimitsConfig(
                (int) headSize,
                section.number("max-headers", 1, MOST_HEADERS, Defaults.MAX_HEADERS),
                section.read(
                        "max-body-size",
                        setting -> setting.size(0, Long.MAX_VALUE, "0 (no limit) or more"),
                        Defaults.MAX_BODY_SIZE),
                section.number("max-connections", 1, MOST_CONNECTIONS, Defaults.MAX_CONNECTIONS),
                section.number("max-connections-per-client", 0, MOST_CONNECTIONS, Defaults.MAX_CONNECTIONS_PER_CLIENT));
    }

    private static TimeoutsConfig timeouts(Section section) {
        return new TimeoutsConfig(
                section.duration("head", Defaults.HEAD_TIMEOUT),
                section.duration("idle", Defaults.IDLE_TIMEOUT),
                section.duration("connect", Defaults.CONNECT_TIMEOUT),
                section.duration("response", Defaults.RESPONSE_TIMEOUT),
                section.duration("tunnel", Defaults.TUNNEL_TIMEOUT),
                section.duration("drain", Defaults.DRAIN_TIMEOUT));
    }
}
