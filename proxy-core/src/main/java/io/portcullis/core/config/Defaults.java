package io.portcullis.core.config;

import io.portcullis.core.net.IpAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Every default value, named once. */
public final class Defaults {
    public static final String VIRTUAL_HOSTS_DIR = "hosts.d";
    public static final ClientAddressHeader CLIENT_ADDRESS_HEADER = ClientAddressHeader.X_FORWARDED_FOR;
    public static final List<String> ALLOWLIST = List.of("127.0.0.1", "::1");
    public static final DefaultHost DEFAULT_HOST = DefaultHost.Close.CLOSE;

    public static final int IPV6_PREFIX = 64;
    public static final int TRACKED_CLIENTS = 200_000;
    public static final int MAX_BANS = 2_000_000;
    public static final int PROMOTE_AFTER = 3;
    public static final int WIDEN_AFTER = 4;
    /** Long enough for the ban of a week that fail2ban's recidive jail makes. */
    public static final Duration REMEMBER = Duration.ofDays(7);

    public static final Duration UNBAN_GRACE = Duration.ZERO;
    /** In percent. */
    public static final int SICK_SHARE = 50;

    public static final int SICK_MIN_CLIENTS = 10;
    public static final int TARPIT_MAX = 1_000;
    public static final Duration TARPIT_HOLD = Duration.ofSeconds(30);
    public static final BansConfig.KernelFilter KERNEL_FILTER = BansConfig.KernelFilter.AUTO;
    /** Relative to the main file. */
    public static final String STORE_PATH = "data/bans";

    /** On loopback: who is on the machine and can read the token may ban, nobody else. */
    public static final AdminConfig.Bind ADMIN_BIND = new AdminConfig.Bind(IpAddress.ofIpv4(0x7F00_0001), 9900);

    /** Relative to the main file. */
    public static final String TOKEN_FILE = "data/admin.token";

    /** With some 40 series each: what a small Prometheus takes without a thought. */
    public static final int METRICS_MAX_HOSTS = 500;

    public static final boolean METRICS_WITHOUT_TOKEN = false;

    public static final LogConfig.Format ACCESS_LOG_FORMAT = LogConfig.Format.COMBINED;
    /** Among what else the operator is told. */
    public static final LogConfig.Stream BAN_LOG = LogConfig.Stream.STDERR;

    public static final LogConfig.BansFormat BAN_LOG_FORMAT = LogConfig.BansFormat.TEXT;
    /** 0: never. Where logs are rotated there is a logrotate already, and two of them would rotate each other's files. */
    public static final long LOG_ROTATE_SIZE = 0;

    public static final int LOG_ROTATE_KEEP = 5;

    public static final int MAX_HEAD_SIZE = 16 * 1024;
    public static final int MAX_HEADERS = 100;
    public static final long MAX_BODY_SIZE = 16L * 1024 * 1024;
    public static final int MAX_CONNECTIONS = 20_000;
    public static final int MAX_CONNECTIONS_PER_CLIENT = 0;

    public static final Duration HEAD_TIMEOUT = Duration.ofSeconds(10);
    public static final Duration IDLE_TIMEOUT = Duration.ofSeconds(75);
    public static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    public static final Duration RESPONSE_TIMEOUT = Duration.ofSeconds(60);
    public static final Duration TUNNEL_TIMEOUT = Duration.ofHours(1);
    public static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(30);

    /** 0: one a core. */
    public static final int THREADS = 0;

    public static final TransportKind TRANSPORT = TransportKind.AUTO;

    public static final UpstreamConfig.Balance BALANCE = UpstreamConfig.Balance.ROUND_ROBIN;
    /** nginx's {@code max_fails}. */
    public static final int MAX_FAILS = 1;
    /** nginx's {@code fail_timeout}. */
    public static final Duration FAIL_TIMEOUT = Duration.ofSeconds(10);

    public static final boolean VERIFY_ENDPOINTS = true;
    public static final boolean ENDPOINT_PROXY_PROTOCOL = false;
    public static final boolean LISTENER_PROXY_PROTOCOL = false;
    public static final boolean REDIRECT_TO_HTTPS = false;
    public static final boolean HSTS_INCLUDE_SUBDOMAINS = false;
    public static final boolean HSTS_PRELOAD = false;
    public static final int REDIRECT_STATUS = 302;

    /** fail2ban's {@code maxretry}. */
    public static final int MAX_RETRY = 5;
    /** fail2ban's {@code findtime}. */
    public static final Duration FIND_TIME = Duration.ofMinutes(10);
    /** fail2ban's {@code bantime}. */
    public static final Duration BAN_TIME = Duration.ofMinutes(10);

    public static final JailConfig.Scope SCOPE = JailConfig.Scope.HOST;
    public static final JailConfig.Action ACTION = JailConfig.Drop.DROP;
    /** The status of {@code action = reject} where {@code reject-status} is not given. */
    public static final int REJECT_STATUS = 403;

    /** What jails look at. */
    public static final Set<JailConfig.On> ON = Set.of(JailConfig.On.RESPONSE);

    /**
     * What clients ask for by themselves, without anybody's wish: a miss there says nothing about who asks. For jails that
     * name no paths.
     */
    public static final List<String> IGNORE_PATHS = List.of(
            // Browsers, for any page, and again and again for what once was there.
            "/favicon.ico",
            "/favicon.png",
            "/favicon.svg",
            "/apple-touch-icon*",
            "/browserconfig.xml",
            "/mstile-*.png",
            "/manifest.json",
            "/manifest.webmanifest",
            "/site.webmanifest",
            "/opensearch.xml",
            "/service-worker.js",
            "/sw.js",
            // Their developer tools.
            "*.map",
            "/.well-known/appspecific/com.chrome.devtools.json",
            // Their password managers: the second is asked for to learn how a miss looks.
            "/.well-known/change-password",
            "/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200",
            "/.well-known/passkey-endpoints",
            "/.well-known/webauthn",
            // Their other habits.
            "/.well-known/dnt-policy.txt",
            "/.well-known/gpc.json",
            "/.well-known/traffic-advice",
            // Telephones, for the apps that belong to a site.
            "/.well-known/assetlinks.json",
            "/.well-known/apple-app-site-association",
            "/apple-app-site-association",
            // Mail and calendar programs, for the domain of an address.
            "/.well-known/caldav",
            "/.well-known/carddav",
            "/.well-known/autoconfig/mail/config-v1.1.xml",
            "/autodiscover/autodiscover.xml",
            // Crawlers, before they ask for anything else.
            "/robots.txt",
            "/sitemap.xml",
            "/sitemap_index.xml",
            "/ads.txt",
            "/app-ads.txt",
            "/sellers.json",
            "/humans.txt",
            "/security.txt",
            "/.well-known/security.txt");

    public static final int WEIGHT = 1;
    public static final JailConfig.Count COUNT = JailConfig.Count.HITS;
    public static final boolean DRY_RUN = false;
    /** fail2ban's {@code bantime.factor}. */
    public static final double INCREMENT_FACTOR = 1;
    /** Addresses change hands. */
    public static final Duration INCREMENT_MAX = Duration.ofDays(30);

    public static final Duration INCREMENT_JITTER = Duration.ZERO;
    /** The name of the jail that a host with a verdict header has, unless one of its own looks at verdicts. */
    public static final String VERDICT_JAIL = "verdict";

    private Defaults() {}

    /** Bans on stderr, and no access log. */
    public static LogConfig log() {
        return new LogConfig(
                Optional.empty(),
                ACCESS_LOG_FORMAT,
                Optional.of(BAN_LOG),
                BAN_LOG_FORMAT,
                new LogConfig.Rotation(LOG_ROTATE_SIZE, LOG_ROTATE_KEEP));
    }

    /** All of them, with bans kept in memory only. */
    public static BansConfig bans() {
        return new BansConfig(
                PROMOTE_AFTER,
                new BansConfig.Prefixes(IPV6_PREFIX, WIDEN_AFTER),
                new BansConfig.Bounds(TRACKED_CLIENTS, MAX_BANS),
                REMEMBER,
                UNBAN_GRACE,
                new BansConfig.SickUpstream(SICK_SHARE, SICK_MIN_CLIENTS),
                new BansConfig.Tarpits(TARPIT_MAX, TARPIT_HOLD),
                KERNEL_FILTER,
                BansConfig.Store.Memory.MEMORY);
    }
}
