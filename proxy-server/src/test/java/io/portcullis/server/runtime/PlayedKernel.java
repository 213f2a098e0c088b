package io.portcullis.server.runtime;

import io.portcullis.core.config.ListenerConfig;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.PacketFilter;
import io.portcullis.server.exchange.ListenerRules;
import io.portcullis.server.exchange.TestRules;
import io.portcullis.server.listener.FilteredListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A listener of a kernel that is made up: it knows what it would throw away, and when it was told to. */
final class PlayedKernel implements FilteredListener {

    static final String FORBIDDEN = "SO_ATTACH_FILTER: Operation not permitted";

    private final ListenerRules rules = new ListenerRules(
            ListenerConfig.plain(TestRules.LISTENER, IpAddress.ofIpv4(0x7F00_0001), 80), new TestRules(List.of()));
    private final Supplier<Long> clock;
    private final List<IpAddress> knocks = new ArrayList<>();
    /** When the kernel was given other addresses to refuse. */
    final List<Long> changes = new ArrayList<>();

    private Optional<PacketFilter> set = Optional.empty();
    /** All that it was asked for, whatever became of it. */
    int asked;

    boolean permits = true;
    int mostBytes = Integer.MAX_VALUE;
    Runnable whileSetting = () -> {};
    Runnable whileLifting = () -> {};

    PlayedKernel(Supplier<Long> clock) {
        this.clock = clock;
    }

    void knock(IpAddress peer, int times) {
        for (int i = 0; i < times; i++) {
            knocks.add(peer);
        }
    }

    /** Whether it throws anything away. */
    boolean refuses() {
        return set.isPresent();
    }

    @Override
    public Supplier<ListenerRules> entrance() {
        return () -> rules;
    }

    @Override
    public void drainRefused(Consumer<IpAddress> each) {
        knocks.forEach(each);
        knocks.clear();
    }

    @Override
    public Optional<String> filter(PacketFilter filter) {
        asked++;
        whileSetting.run();
        if (!permits) {
            return Optional.of(FORBIDDEN);
        }
        if (filter.kernelBytes() > mostBytes) {
            return Optional.of("SO_ATTACH_FILTER: Cannot allocate memory");
        }
        if (!filter.dropsNothing()) {
            changes.add(clock.get());
        }
        set = Optional.of(filter);
        return Optional.empty();
    }

    @Override
    public void unfilter() {
        asked++;
        whileLifting.run();
        set = Optional.empty();
    }
}
