package io.portcullis.server.runtime;

import io.portcullis.core.ban.BanEngine;
import io.portcullis.core.ban.KernelFilterPlan;
import io.portcullis.core.ban.RefusedBlocks;
import io.portcullis.core.config.BansConfig;
import io.portcullis.core.net.PacketFilter;
import io.portcullis.server.admin.KernelFilterStatus;
import io.portcullis.server.admin.KernelFilterStatus.State;
import io.portcullis.server.exchange.ListenerRules;
import io.portcullis.server.listener.FilteredListener;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The kernel tier: ten times a second has the kernel refuse, at each listener, whom its {@link KernelFilterPlan} says. What
 * holds then is asked for each time anew, and nobody has to tell it of a ban, an unban or a new allowlist. It has a thread
 * of its own, since an unban must not wait for a name to be resolved.
 *
 * <p>Without the permission to set a filter, or on a transport that cannot, it does nothing, and the accept tier refuses
 * all by itself.
 *
 * <p>Thread-safe; guarded by itself.
 */
final class KernelTier implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(KernelTier.class);

    private static final Duration ROUND = Duration.ofMillis(100);

    /** A ban's end is never hidden while a round is late by less than that. */
    private static final Duration AHEAD = Duration.ofSeconds(1);

    private static final Path MOST_MEMORY = Path.of("/proc/sys/net/core/optmem_max");

    private static final int LONGEST_NUMBER = 32;

    /** As it was before Linux 6.7; and a network namespace may not show it. */
    private static final int LEAST_MEMORY = 20_480;

    /** What else a listening socket is charged for. */
    private static final int OTHER_MEMORY = 1024;

    /** Where not even that fits, nothing does: a program for one address. */
    private static final int SMALLEST = 512;

    private static final PacketFilter NOBODY = PacketFilter.dropping(List.of());

    private final Supplier<List<? extends FilteredListener>> listeners;
    private final Supplier<BansConfig.KernelFilter> wanted;
    private final RefusedBlocks refused;
    private final int mostBytes = mostBytes();
    private final Map<FilteredListener, KernelFilterPlan> plans = new HashMap<>();
    private final Rounds rounds;

    private volatile KernelFilterStatus status = KernelFilterStatus.OFF;
    private boolean isSuspended;
    private boolean isClosed;

    /**
     * @param listeners those that are open
     * @param wanted by the configuration in force
     * @param rounds of which it is the only user
     */
    KernelTier(
            Supplier<List<? extends FilteredListener>> listeners,
            Supplier<BansConfig.KernelFilter> wanted,
            BanEngine bans,
            Rounds rounds) {
        this.rounds = rounds;
        this.listeners = listeners;
        this.wanted = wanted;
        this.refused = bans.refusedBlocks(AHEAD);
    }

    /** Tries whether it may, and begins. Whatever goes wrong, the server starts. */
    void start() {
        guardedRound();
        guarded(() -> rounds.begin(this::guardedRound, ROUND));
    }

    private void guardedRound() {
        guarded(this::round);
    }

    /** Of an Error, too, such as a lack of memory: rounds that end in silence leave a filter that nobody looks after. */
    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (Throwable e) {
            synchronized (this) {
                status = KernelFilterStatus.unavailable("internal fault: " + e);
                lift();
            }
            LOG.error("internal fault; the kernel refuses nobody from now on. Please report this", e);
        }
    }

    private synchronized void round() {
        if (isSuspended || isClosed) {
            return;
        }
        if (wanted.get() == BansConfig.KernelFilter.OFF) {
            lift();
            status = KernelFilterStatus.OFF;
            return;
        }
        if (status.state() == State.UNAVAILABLE) {
            lift(); // what could not be lifted before
            return;
        }
        List<? extends FilteredListener> open = listeners.get();
        if (status.state() == State.OFF) {
            tryOut(open);
        }
        if (status.state() == State.ON) {
            Set<FilteredListener> gone = new HashSet<>(plans.keySet());
            open.forEach(gone::remove);
            gone.forEach(this::forget);
            open.forEach(this::round);
        }
    }

    /** Lets everybody in for a moment, by a filter. */
    private void tryOut(List<? extends FilteredListener> open) {
        for (FilteredListener listener : open) {
            Optional<String> fault = listener.filter(NOBODY);
            listener.unfilter();
            if (fault.isPresent()) {
                giveUp(fault.get());
                return;
            }
        }
        status = KernelFilterStatus.ON;
    }

    private void giveUp(String why) {
        lift();
        status = KernelFilterStatus.unavailable(why);
        LOG.info("banned clients are refused as they connect, and not in the kernel before that: {}", why);
    }

    private void round(FilteredListener listener) {
        if (status.state() != State.ON) {
            return; // given up at the listener before: what was set now would stay
        }
        ListenerRules rules = listener.entrance().get();
        if (rules.listener().proxyProtocol()) {
            forget(listener); // who connects there is not who is banned
            return;
        }
        Set<String> hosts = rules.hosts().virtualHostNames();
        KernelFilterPlan plan =
                plans.computeIfAbsent(listener, each -> new KernelFilterPlan(refused, rounds::nanoTime, mostBytes));
        listener.drainRefused(peer -> plan.knocked(peer, hosts));
        Optional<PacketFilter> next = plan.review(hosts);
        while (next.isPresent()) {
            next = set(listener, plan, next.get()) ? Optional.empty() : plan.review(hosts);
        }
    }

    /** @return false where a smaller one is to be tried */
    private boolean set(FilteredListener listener, KernelFilterPlan plan, PacketFilter filter) {
        if (filter.dropsNothing()) {
            listener.unfilter();
            return true;
        }
        Optional<String> fault = listener.filter(filter);
        if (fault.isEmpty()) {
            return true;
        }
        listener.unfilter(); // the one before may refuse whom this one lets in
        boolean isTooLarge =
                filter.kernelBytes() > SMALLEST && listener.filter(NOBODY).isEmpty();
        listener.unfilter();
        if (!isTooLarge) {
            giveUp(fault.get());
            return true;
        }
        LOG.debug("{} bytes of filter at {}: {}", filter.kernelBytes(), listener, fault.get());
        plan.lacksMemory(filter);
        return false;
    }

    private void forget(FilteredListener listener) {
        if (plans.remove(listener) != null) {
            listener.unfilter();
        }
    }

    /** One that cannot be lifted stays known, and is tried again in the next round. */
    private void lift() {
        plans.keySet().removeIf(KernelTier::isLifted);
    }

    private static boolean isLifted(FilteredListener listener) {
        try {
            listener.unfilter();
            return true;
        } catch (Throwable e) {
            LOG.debug("the filter of {} could not be lifted", listener, e);
            return false;
        }
    }

    /** The kernel refuses nobody until {@link #resume}: what is about to change may let somebody in. */
    synchronized void suspend() {
        isSuspended = true;
        plans.forEach((listener, plan) -> {
            if (isLifted(listener)) {
                plan.lifted();
            }
        });
    }

    /** The kernel refuses again whom it refused and is still to refuse. */
    synchronized void resume() {
        isSuspended = false;
    }

    KernelFilterStatus status() {
        return status;
    }

    /** How many addresses and prefixes the kernel refuses at the listener. */
    synchronized int addresses(FilteredListener listener) {
        KernelFilterPlan plan = plans.get(listener);
        return plan == null ? 0 : plan.size();
    }

    /** The kernel refuses nobody any more. */
    @Override
    public void close() {
        rounds.end();
        synchronized (this) {
            isClosed = true;
            lift();
        }
    }

    /** While one filter takes another's place both are there. */
    private static int mostBytes() {
        int all = LEAST_MEMORY;
        // At one go: what comes after the first read of such a file is empty.
        try (InputStream file = Files.newInputStream(MOST_MEMORY)) {
            all = Integer.parseInt(new String(file.readNBytes(LONGEST_NUMBER), StandardCharsets.US_ASCII).strip());
        } catch (IOException | NumberFormatException e) {
            LOG.debug("{}", MOST_MEMORY, e);
        }
        return Math.max(0, (all - OTHER_MEMORY) / 2);
    }
}
