package io.portcullis.server.observe.metrics;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Meters by names that the configuration gives, a bounded number of them: whoever finds no place shares one meter, under
 * the name {@value #OTHERS}.
 *
 * <p>A name that the configuration gives no longer keeps its place for an hour, so that one that is taken out and put back
 * goes on where it was; it loses it at once to a new name that finds no other. Whoever was given a meter may count in it
 * for as long as he likes.
 *
 * <p>Thread-safe; guarded by itself, for loads of the configuration and for scrapes. {@link #label} alone is for event
 * loops, too, and waits for nobody.
 *
 * @param <M> a meter
 */
public final class Named<M> {

    /** No name of a virtual host or an endpoint has parentheses. */
    static final String OTHERS = "(other)";

    static final long KEPT_NANOS = TimeUnit.HOURS.toNanos(1);

    private final Supplier<M> fresh;
    private final LongSupplier nanoTime;
    private final int bound;
    private final Map<String, Place<M>> places = new LinkedHashMap<>();
    /** Who is in {@link #places}, for those that must not wait for the lock. */
    private final Set<String> placed = ConcurrentHashMap.newKeySet();

    private final M others;

    private boolean hasOthers;

    private static final class Place<M> {
        final M meter;
        /** Whether a published configuration has ever given the name. */
        boolean wasInService;

        boolean inService;
        long goneSince;

        Place(M meter, long now) {
            this.meter = meter;
            this.goneSince = now;
        }
    }

    Named(int bound, Supplier<M> fresh, LongSupplier nanoTime) {
        this.bound = bound;
        this.fresh = fresh;
        this.nanoTime = nanoTime;
        this.others = fresh.get();
    }

    /** The name's meter: the one that it has, or a new one, or that of all others. */
    public synchronized M of(String name) {
        Place<M> place = places.get(name);
        if (place != null) {
            return place.meter;
        }
        if (places.size() >= bound && !makeRoom()) {
            hasOthers = true;
            return others;
        }
        Place<M> made = new Place<>(fresh.get(), nanoTime.getAsLong());
        places.put(name, made);
        placed.add(name);
        return made.meter;
    }

    /** Of those that are gone, the one that has been so for longest makes room. */
    private boolean makeRoom() {
        long now = nanoTime.getAsLong();
        String oldest = null;
        long longest = -1;
        for (Map.Entry<String, Place<M>> entry : places.entrySet()) {
            Place<M> place = entry.getValue();
            if (place.wasInService && !place.inService && now - place.goneSince > longest) {
                longest = now - place.goneSince;
                oldest = entry.getKey();
            }
        }
        if (oldest == null) {
            return false;
        }
        places.remove(oldest);
        placed.remove(oldest);
        return true;
    }

    /** A configuration is in force that gives these names, and no others. */
    public synchronized void inService(Collection<String> names) {
        long now = nanoTime.getAsLong();
        for (Map.Entry<String, Place<M>> entry : places.entrySet()) {
            Place<M> place = entry.getValue();
            boolean given = names.contains(entry.getKey());
            if (place.inService && !given) {
                place.goneSince = now;
            }
            place.inService = given;
            place.wasInService |= given;
        }
        // Of a configuration that never came into force.
        places.values().removeIf(place -> !place.wasInService);
        placed.retainAll(places.keySet());
        hasOthers = !places.keySet().containsAll(names);
    }

    /** The name under which what concerns that one is told: its own, or that of all others. */
    public String label(String name) {
        return placed.contains(name) ? name : OTHERS;
    }

    /** Each name and its meter, the others' last where there are any. */
    void forEach(BiConsumer<String, M> action) {
        told().forEach(action);
    }

    private synchronized Map<String, M> told() {
        long now = nanoTime.getAsLong();
        places.values().removeIf(place -> place.wasInService && !place.inService && now - place.goneSince > KEPT_NANOS);
        placed.retainAll(places.keySet());
        Map<String, M> told = new LinkedHashMap<>();
        places.forEach((name, place) -> {
            if (place.wasInService) {
                told.put(name, place.meter);
            }
        });
        if (hasOthers) {
            told.put(OTHERS, others);
        }
        return told;
    }
}
