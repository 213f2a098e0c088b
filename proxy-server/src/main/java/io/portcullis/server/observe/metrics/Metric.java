package io.portcullis.server.observe.metrics;

import java.util.List;

/** Every metric there is, named once: docs/metrics.md and the dashboard are held to it. */
public enum Metric {
    // Exchanges
    EXCHANGES(
            "portcullis_exchanges_total",
            Type.COUNTER,
            "Exchanges that are over, by virtual host and status class.",
            "host",
            "status"),
    EXCHANGE_FIRST_BYTE(
            "portcullis_exchange_first_byte_seconds",
            Type.HISTOGRAM,
            "From a request's head to its answer's head, of exchanges that were answered.",
            "host"),
    EXCHANGE_DURATION(
            "portcullis_exchange_duration_seconds",
            Type.HISTOGRAM,
            "From a request's head to its answer's end, of exchanges that were answered and became no tunnel.",
            "host"),
    REQUEST_BODY_BYTES(
            "portcullis_request_body_bytes_total", Type.COUNTER, "Octets of requests' bodies, received.", "host"),
    ANSWER_BODY_BYTES("portcullis_answer_body_bytes_total", Type.COUNTER, "Octets of answers' bodies, sent.", "host"),
    EXCHANGES_IN_FLIGHT(
            "portcullis_exchanges_in_flight", Type.GAUGE, "Exchanges under way, tunnels and held ones among them."),
    TUNNELS("portcullis_tunnels_open", Type.GAUGE, "Exchanges that have become tunnels (WebSockets), under way."),

    // Endpoints
    ENDPOINT_ANSWER(
            "portcullis_endpoint_answer_seconds",
            Type.HISTOGRAM,
            "From the request's handing over to an endpoint's connection to the answer's head.",
            "endpoint"),
    ENDPOINT_FAILURES(
            "portcullis_endpoint_failures_total", Type.COUNTER, "Tries that an endpoint failed.", "endpoint", "reason"),
    ENDPOINT_RETRIES(
            "portcullis_endpoint_retries_total",
            Type.COUNTER,
            "Requests sent once more because their kept connection had been closed.",
            "endpoint"),
    ENDPOINT_UP(
            "portcullis_endpoint_up",
            Type.GAUGE,
            "Whether the endpoint is tried: 0 while it is out after failed tries.",
            "endpoint"),
    ENDPOINT_CONNECTIONS(
            "portcullis_endpoint_connections",
            Type.GAUGE,
            "Connections to the endpoint, of all event loops.",
            "endpoint",
            "state"),
    ENDPOINT_CONNECTIONS_OPENED(
            "portcullis_endpoint_connections_opened_total",
            Type.COUNTER,
            "Connections to the endpoint that came about.",
            "endpoint"),
    UPSTREAM_ENDPOINT(
            "portcullis_upstream_endpoint_info",
            Type.INFO,
            "Which endpoints an upstream (a virtual host's route) has.",
            "upstream",
            "endpoint"),

    // Connections of clients
    CONNECTIONS_ACCEPTED(
            "portcullis_connections_accepted_total",
            Type.COUNTER,
            "Clients' connections that were let in.",
            "listener"),
    CONNECTIONS_OPEN("portcullis_connections_open", Type.GAUGE, "Clients' connections open now.", "listener"),
    CONNECTIONS_LIMIT(
            "portcullis_connections_limit",
            Type.GAUGE,
            "How many may be open on all listeners: limits.max-connections."),
    CONNECTIONS_OVER_LIMIT(
            "portcullis_connections_over_limit_total",
            Type.COUNTER,
            "Clients' connections that were reset because as many as there may be were open.",
            "listener"),
    CONNECTION_PROTOCOLS(
            "portcullis_connection_protocols_total",
            Type.COUNTER,
            "Clients' connections by the HTTP that is spoken on them.",
            "listener",
            "protocol"),
    TLS_HANDSHAKES(
            "portcullis_tls_handshakes_total",
            Type.COUNTER,
            "TLS handshakes that were completed.",
            "listener",
            "version"),
    TLS_HANDSHAKE_FAILURES(
            "portcullis_tls_handshake_failures_total",
            Type.COUNTER,
            "TLS handshakes that came to nothing.",
            "listener",
            "reason"),
    CERTIFICATE_EXPIRY(
            "portcullis_certificate_expiry_timestamp_seconds",
            Type.GAUGE,
            "When the certificate that is shown for the virtual host expires.",
            "host"),

    // Bans
    REFUSALS("portcullis_refusals_total", Type.COUNTER, "What was refused because of bans and the denylist.", "tier"),
    KERNEL_FILTER_ADDRESSES(
            "portcullis_kernel_filter_addresses",
            Type.GAUGE,
            "Addresses and prefixes that the kernel refuses before the process sees them.",
            "listener"),
    TARPIT_HELD("portcullis_tarpit_held", Type.GAUGE, "Clients that a tarpit holds."),
    BANS_MADE("portcullis_bans_made_total", Type.COUNTER, "Bans made by this process.", "host", "jail", "dry_run"),
    BANS_LIFTED(
            "portcullis_bans_lifted_total",
            Type.COUNTER,
            "Bans taken back before their end, by a person or because the application was at fault.",
            "host",
            "jail",
            "dry_run"),
    BANS_ACTIVE("portcullis_bans_active", Type.GAUGE, "Bans in force.", "host", "jail", "dry_run"),
    BAN_LIST_ENTRIES(
            "portcullis_ban_list_entries", Type.GAUGE, "Places that the ban list has taken, of bans just over too."),
    BAN_LIST_LIMIT("portcullis_ban_list_limit", Type.GAUGE, "Places that the ban list has: bans.max-bans."),
    BANS_GIVEN_UP("portcullis_bans_given_up_total", Type.COUNTER, "Bans ended early because the ban list was full."),
    TRACKED_CLIENTS("portcullis_tracked_clients", Type.GAUGE, "Clients that have counters."),
    TRACKED_CLIENTS_LIMIT(
            "portcullis_tracked_clients_limit", Type.GAUGE, "Clients that may have counters: bans.tracked-clients."),
    TRACKED_CLIENTS_EVICTED(
            "portcullis_tracked_clients_evicted_total",
            Type.COUNTER,
            "Clients whose counters were forgotten early because there were too many clients."),
    STORE_UP("portcullis_store_up", Type.GAUGE, "Whether bans can be written to the store: 0 while it has a fault."),
    STORE_QUEUE("portcullis_store_queue", Type.GAUGE, "Bans and offences that wait to be written to the store."),

    // The process
    ACCESS_LOG_DROPPED(
            "portcullis_access_log_dropped_total",
            Type.COUNTER,
            "Access log records that were dropped because the disk was slower than the traffic."),
    EVENT_LOOP_LAG(
            "portcullis_event_loop_lag_seconds",
            Type.HISTOGRAM,
            "How late the event loops come round to what they do ten times a second."),
    EVENT_LOOP_STALL(
            "portcullis_event_loop_stall_seconds",
            Type.GAUGE,
            "How long the event loop that is latest now is late already."),
    DIRECT_MEMORY("portcullis_direct_memory_bytes", Type.GAUGE, "Memory outside the heap that buffers are taken from."),
    CONFIG_LAST_RELOAD(
            "portcullis_config_last_reload_successful",
            Type.GAUGE,
            "Whether the last load of the configuration was applied: 0 where it was refused and the old one goes on."),
    CONFIG_LOADED(
            "portcullis_config_loaded_timestamp_seconds", Type.GAUGE, "When the configuration in force was applied."),
    BUILD("portcullis_build_info", Type.INFO, "What runs.", "version", "java", "transport", "tls"),
    PROCESS_CPU("process_cpu_seconds_total", Type.COUNTER, "Processor time spent, in user space and in the kernel."),
    PROCESS_START("process_start_time_seconds", Type.GAUGE, "When the process began, since the epoch."),
    PROCESS_OPEN_FDS("process_open_fds", Type.GAUGE, "Open file descriptors."),
    PROCESS_MAX_FDS("process_max_fds", Type.GAUGE, "Most open file descriptors that the system allows."),
    PROCESS_RESIDENT_MEMORY("process_resident_memory_bytes", Type.GAUGE, "Memory that the process has in RAM."),
    JVM_MEMORY_USED("jvm_memory_used_bytes", Type.GAUGE, "Memory of the JVM in use.", "area"),
    JVM_MEMORY_MAX("jvm_memory_max_bytes", Type.GAUGE, "Memory of the JVM at most.", "area"),
    JVM_GC("jvm_gc_collection_seconds_total", Type.COUNTER, "Time spent in garbage collections.", "gc"),
    JVM_THREADS("jvm_threads_current", Type.GAUGE, "Threads.");

    /** What Prometheus takes it for. */
    public enum Type {
        COUNTER,
        GAUGE,
        HISTOGRAM,
        /** A gauge that is always 1, and says what it says by its labels. */
        INFO
    }

    private final String exposed;
    private final Type type;
    private final String help;
    /** With spaces between them. */
    private final String labels;

    Metric(String exposed, Type type, String help, String... labels) {
        this.exposed = exposed;
        this.type = type;
        this.help = help;
        this.labels = String.join(" ", labels);
    }

    /** As it stands in the text, where a histogram has {@code _bucket}, {@code _sum} and {@code _count} behind it. */
    public String exposed() {
        return exposed;
    }

    public Type type() {
        return type;
    }

    public String help() {
        return help;
    }

    public List<String> labels() {
        return List.of(labelNames());
    }

    String[] labelNames() {
        return labels.isEmpty() ? new String[0] : labels.split(" ", -1);
    }

    /** As the library wants it, which adds the suffix itself. */
    String stem() {
        return switch (type) {
            case COUNTER -> exposed.substring(0, exposed.length() - "_total".length());
            case INFO -> exposed.substring(0, exposed.length() - "_info".length());
            case GAUGE, HISTOGRAM -> exposed;
        };
    }
}
