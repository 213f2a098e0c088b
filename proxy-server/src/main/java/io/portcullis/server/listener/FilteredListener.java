package io.portcullis.server.listener;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.PacketFilter;
import io.portcullis.server.exchange.ListenerRules;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A listener, as far as the kernel may throw away for it what comes from somebody. */
public interface FilteredListener {

    /** What a {@link io.portcullis.server.exchange.Worker} knows the connections by that came here. */
    Supplier<ListenerRules> entrance();

    /** Passes on whom it has refused at accept since the last time; to be called by one thread at a time. */
    void drainRefused(Consumer<IpAddress> each);

    /**
     * Has the kernel throw away what this filter says, before anything is answered, and nothing else any more.
     *
     * @return why it cannot, in words; then what was set before goes on
     */
    Optional<String> filter(PacketFilter filter);

    /** Has the kernel throw away nothing any more. */
    void unfilter();
}
