package io.portcullis.server.runtime;

import io.portcullis.core.ban.BanStore;
import io.portcullis.server.observe.Event;
import io.portcullis.server.observe.Events;
import io.portcullis.server.tls.CertificateState;
import io.portcullis.server.tls.Certificates;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tells of what changes by itself in the store and the certificates, by comparing how they are with how they were at the
 * last look: neither has to know who wants to hear of it. Used by one thread.
 */
final class ProcessWatch {

    private final Events events;
    private final BanStore store;
    private final Certificates certificates;
    private Optional<String> storeFault = Optional.empty();
    private Map<Path, CertificateState> known = new HashMap<>();

    ProcessWatch(Events events, BanStore store, Certificates certificates) {
        this.events = events;
        this.store = store;
        this.certificates = certificates;
    }

    /** To be called every few seconds. Blocks for a moment where certificates are being read. */
    void look() {
        lookAtStore(store.condition().fault());
        lookAtCertificates(certificates.states());
    }

    private void lookAtStore(Optional<String> fault) {
        if (fault.isPresent() && !fault.equals(storeFault)) {
            events.publish(new Event.StoreFailing(fault.get()));
        } else if (fault.isEmpty() && storeFault.isPresent()) {
            events.publish(new Event.StoreBack());
        }
        storeFault = fault;
    }

    private void lookAtCertificates(List<CertificateState> states) {
        Map<Path, CertificateState> next = new HashMap<>();
        for (CertificateState state : states) {
            CertificateState before = known.get(state.file());
            next.put(state.file(), state);
            Optional<String> fault = state.fault();
            if (fault.isPresent() && (before == null || !fault.equals(before.fault()))) {
                events.publish(new Event.CertificateFailing(name(state), fault.get()));
            }
            if (before != null && !before.until().equals(state.until())) {
                events.publish(new Event.CertificateReplaced(name(state), state.until()));
            }
        }
        known = next;
    }

    private static String name(CertificateState state) {
        return String.valueOf(state.file().getFileName());
    }
}
