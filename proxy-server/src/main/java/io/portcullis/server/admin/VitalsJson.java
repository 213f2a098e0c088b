package io.portcullis.server.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import io.portcullis.core.net.IpAddress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@link Vitals} as JSON, both ways. */
public final class VitalsJson {

    private static final String PID = "pid";
    private static final String STARTED = "started";
    private static final String NOW = "now";
    private static final String TRANSPORT = "transport";
    private static final String IO_URING = "io_uring";
    private static final String WHY_NOT_IO_URING = "why_not_io_uring";
    private static final String EPOLL = "epoll";
    private static final String WHY_NOT_EPOLL = "why_not_epoll";
    private static final String MAX_HEAP = "max_heap_bytes";
    private static final String KERNEL_FILTER = "kernel_filter";
    private static final String STATE = "state";
    private static final String WHY = "why";
    private static final String CONNECTIONS = "connections";
    private static final String PEERS = "recent_peers";
    private static final String ADDRESS = "address";
    private static final String GATEWAYS = "gateways";

    private long pid;
    private long started;
    private long now;
    private String transport = "";
    private final Map<String, String> passedOver = new HashMap<>();
    private long maxHeap;
    private Optional<KernelFilterStatus> kernelFilter = Optional.empty();
    private int connections;
    private final List<Vitals.Peer> peers = new ArrayList<>();
    private final List<IpAddress> gateways = new ArrayList<>();

    private VitalsJson() {}

    static void write(Vitals vitals, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeNumberField(PID, vitals.pid());
        json.writeStringField(STARTED, AdminJson.time(vitals.started()));
        json.writeStringField(NOW, AdminJson.time(vitals.now()));
        json.writeStringField(TRANSPORT, vitals.engine().transport());
        Map<String, String> passedOver = vitals.engine().passedOver();
        json.writeStringField(WHY_NOT_IO_URING, passedOver.get(IO_URING));
        json.writeStringField(WHY_NOT_EPOLL, passedOver.get(EPOLL));
        json.writeNumberField(MAX_HEAP, vitals.engine().maxHeap());
        if (vitals.kernelFilter().isPresent()) {
            json.writeFieldName(KERNEL_FILTER);
            write(vitals.kernelFilter().get(), json);
        }
        json.writeNumberField(CONNECTIONS, vitals.connections());
        json.writeArrayFieldStart(PEERS);
        for (Vitals.Peer peer : vitals.recentPeers()) {
            json.writeStartObject();
            json.writeStringField(ADDRESS, peer.address().toString());
            json.writeNumberField(CONNECTIONS, peer.connections());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart(GATEWAYS);
        for (IpAddress gateway : vitals.gateways()) {
            json.writeString(gateway.toString());
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    /** One object. */
    static void write(KernelFilterStatus status, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField(STATE, status.state().word());
        json.writeStringField(WHY, status.why().isEmpty() ? null : status.why());
        json.writeEndObject();
    }

    /** The parser stands before the document. */
    public static Vitals read(JsonParser json) throws IOException {
        VitalsJson read = new VitalsJson();
        json.nextToken();
        AdminJson.object(json, read::member);
        return new Vitals(
                read.pid,
                read.started,
                read.now,
                new Vitals.Engine(read.transport, read.passedOver, read.maxHeap),
                read.kernelFilter,
                read.connections,
                read.peers,
                read.gateways);
    }

    private void member(String name, JsonParser json) throws IOException {
        switch (name) {
            case PID -> pid = json.getLongValue();
            case STARTED -> started = AdminJson.millis(json.getText());
            case NOW -> now = AdminJson.millis(json.getText());
            case TRANSPORT -> transport = json.getText();
            case WHY_NOT_IO_URING -> passedOver(IO_URING, AdminJson.text(json));
            case WHY_NOT_EPOLL -> passedOver(EPOLL, AdminJson.text(json));
            case MAX_HEAP -> maxHeap = json.getLongValue();
            case KERNEL_FILTER -> kernelFilter = kernelFilter(json);
            case CONNECTIONS -> connections = json.getIntValue();
            case PEERS -> AdminJson.list(json, element -> peers.add(peer(element)));
            case GATEWAYS -> AdminJson.list(json, element -> gateways.add(address(element.getText())));
            default -> {} // of a newer process
        }
    }

    private void passedOver(String transport, @Nullable String why) {
        if (why != null) {
            passedOver.put(transport, why);
        }
    }

    /** Empty where a newer process has a word for it that is not known here. */
    private static Optional<KernelFilterStatus> kernelFilter(JsonParser json) throws IOException {
        String[] state = {""};
        String[] why = {""};
        AdminJson.object(json, (name, value) -> {
            if (name.equals(STATE)) {
                state[0] = value.getText();
            } else if (name.equals(WHY)) {
                why[0] = Objects.requireNonNullElse(AdminJson.text(value), "");
            }
        });
        return Stream.of(KernelFilterStatus.State.values())
                .filter(known -> known.word().equals(state[0]))
                .map(known -> new KernelFilterStatus(known, why[0]))
                .findFirst();
    }

    private static Vitals.Peer peer(JsonParser json) throws IOException {
        String[] address = {""};
        int[] connections = {0};
        AdminJson.object(json, (name, value) -> {
            if (name.equals(ADDRESS)) {
                address[0] = value.getText();
            } else if (name.equals(CONNECTIONS)) {
                connections[0] = value.getIntValue();
            }
        });
        return new Vitals.Peer(address(address[0]), connections[0]);
    }

    private static IpAddress address(String text) throws IOException {
        IpAddress address = IpAddress.parse(text);
        if (address == null) {
            throw new IOException("address: " + text + " (expected: an IPv4 or IPv6 address)");
        }
        return address;
    }
}
