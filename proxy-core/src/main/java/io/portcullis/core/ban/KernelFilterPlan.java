package io.portcullis.core.ban;

import io.portcullis.core.net.Cidr;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.PacketFilter;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Decides which blocks of addresses a listener has the kernel refuse: the loudest of those of which it refuses everybody
 * at accept, as many as fit into a program.
 *
 * <p>Whoever is refused at accept ten times within a second gets in. What the kernel throws away nobody counts here, so
 * that who has fallen silent is known only from letting it knock again: after ten seconds, and twice as long each time it
 * is back at once, ten minutes at most. An end of the refusal is not waited for: everything is asked about at each {@link
 * #review}, and leaves with its ban or before it. Where there is no room, the quieter make way, by how often they knocked
 * before they got in.
 *
 * <p>Used by one thread at a time.
 */
public final class KernelFilterPlan {

    /** Refusing ten a second at accept is a quarter of a thousandth of a core: less is not worth a place. */
    private static final int LOUD = 10;

    private static final long LOUD_WITHIN = Duration.ofSeconds(1).toNanos();
    private static final long FIRST_STAY = Duration.ofSeconds(10).toNanos();
    private static final long LONGEST_STAY = Duration.ofMinutes(10).toNanos();

    /** Who is back within that time has never been gone. */
    private static final long AT_ONCE = Duration.ofSeconds(10).toNanos();

    /** Knocks are heard of that long after they happened, at most. */
    private static final long HEARD_LATE = Duration.ofMillis(100).toNanos();

    /** How much louder one must be than another to take its place; equals would take turns, with a program each time. */
    private static final double MUCH_LOUDER = 1.5;

    /** What is cut off beyond what does not fit: sources differ in what they cost. */
    private static final double MARGIN = 0.97;

    private final RefusedBlocks refused;
    private final LongSupplier nanoTime;
    private final Map<Cidr, Knocks> knocking = new HashMap<>();
    /** What came out for an address since the last review. */
    private final Map<IpAddress, Optional<Cidr>> asked = new HashMap<>();

    private final Map<Cidr, Place> places = new HashMap<>();
    private final Map<Cidr, Departure> departed = new HashMap<>();
    /** What the kernel has. */
    private Set<Cidr> set = Set.of();

    private int mostBytes;
    /** How many did fit when some did not. */
    private int room = Integer.MAX_VALUE;

    private static final class Knocks {
        final long since;
        int count;

        Knocks(long since) {
            this.since = since;
        }
    }

    /** @param loudness knocks a second, as they were before the kernel refused them */
    private record Place(double loudness, long until, long stay) {}

    private record Departure(long at, long stay) {}

    /**
     * @param refused asked as far ahead as it may take to hear of a change and to tell the kernel
     * @param nanoTime as {@link System#nanoTime}
     * @param mostBytes 0 or more: how large a program may be in the kernel ({@link PacketFilter#kernelBytes})
     */
    public KernelFilterPlan(RefusedBlocks refused, LongSupplier nanoTime, int mostBytes) {
        this.refused = refused;
        this.nanoTime = nanoTime;
        this.mostBytes = mostBytes;
    }

    /**
     * Hears that somebody was refused at accept.
     *
     * @param virtualHosts the names of all that are reachable on the listener
     */
    public void knocked(IpAddress peer, Set<String> virtualHosts) {
        Optional<Cidr> block = asked.computeIfAbsent(
                peer, address -> Optional.ofNullable(refused.widestAround(address, virtualHosts)));
        if (block.isPresent() && !places.containsKey(block.get())) {
            knocking.computeIfAbsent(block.get(), each -> new Knocks(nanoTime.getAsLong())).count++;
        }
    }

    /**
     * Decides anew who is in; to be called some times a second.
     *
     * @param virtualHosts as for {@link #knocked}
     * @return the program to be set in the kernel; empty where it has the right one
     */
    public Optional<PacketFilter> review(Set<String> virtualHosts) {
        long now = nanoTime.getAsLong();
        asked.clear();
        leave(now, virtualHosts);
        enter(now);
        departed.values().removeIf(departure -> now - departure.at > AT_ONCE);
        knocking.values().removeIf(knocks -> now - knocks.since >= LOUD_WITHIN);
        return places.keySet().equals(set) ? Optional.empty() : Optional.of(program());
    }

    private void leave(long now, Set<String> virtualHosts) {
        places.entrySet().removeIf(entry -> {
            Place place = entry.getValue();
            if (!refused.refuses(entry.getKey(), virtualHosts)) {
                return true;
            }
            boolean isOver = now - place.until >= 0;
            if (isOver) {
                departed.put(entry.getKey(), new Departure(now, place.stay));
            }
            return isOver;
        });
    }

    private void enter(long now) {
        double quietest = places.size() < room
                ? 0
                : places.values().stream().mapToDouble(Place::loudness).min().orElse(0);
        knocking.entrySet().removeIf(entry -> {
            Knocks knocks = entry.getValue();
            double loudness = knocks.count * (double) LOUD_WITHIN / (now - knocks.since + HEARD_LATE);
            boolean enters = knocks.count >= LOUD && (places.size() < room || loudness > quietest * MUCH_LOUDER);
            if (enters) {
                Departure before = departed.remove(entry.getKey());
                long stay = before == null ? FIRST_STAY : Math.min(before.stay * 2, LONGEST_STAY);
                places.put(entry.getKey(), new Place(loudness, now + stay, stay));
            }
            return enters;
        });
    }

    /** The loudest that fit. */
    private PacketFilter program() {
        if (places.size() < room / 2) {
            room = Integer.MAX_VALUE; // what is there now may cost less
        }
        PacketFilter program = PacketFilter.dropping(places.keySet());
        while (!places.isEmpty()
                && (program.length() > PacketFilter.MOST_INSTRUCTIONS || program.kernelBytes() > mostBytes)) {
            double share = Math.min(
                    (double) PacketFilter.MOST_INSTRUCTIONS / program.length(),
                    (double) mostBytes / program.kernelBytes());
            keepLoudest(Math.min(places.size() - 1, (int) (places.size() * share * MARGIN)));
            program = PacketFilter.dropping(places.keySet());
        }
        set = Set.copyOf(places.keySet());
        return program;
    }

    private void keepLoudest(int count) {
        List<Map.Entry<Cidr, Place>> byLoudness = places.entrySet().stream()
                .sorted(Comparator.comparingDouble(entry -> entry.getValue().loudness))
                .toList();
        places.keySet()
                .removeAll(new HashSet<>(byLoudness.subList(0, places.size() - count).stream()
                        .map(Map.Entry::getKey)
                        .toList()));
        room = count;
    }

    /** The kernel has nothing any more; the next {@link #review} gives it a program. */
    public void lifted() {
        set = Set.of();
    }

    /** The kernel has no memory for a program of that size, and has nothing now. Programs are smaller from now on. */
    public void lacksMemory(PacketFilter program) {
        mostBytes = Math.min(mostBytes, program.kernelBytes() / 4 * 3);
        lifted();
    }

    /** Nobody is in any more. */
    public void clear() {
        places.clear();
        departed.clear();
        knocking.clear();
        set = Set.of();
    }

    /** How many blocks the kernel has. */
    public int size() {
        return set.size();
    }
}
