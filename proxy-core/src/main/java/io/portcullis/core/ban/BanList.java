package io.portcullis.core.ban;

import io.portcullis.core.ban.BanStripe.Outcome;
import io.portcullis.core.ban.Verdict.Refuse;
import io.portcullis.core.net.ClientKey;
import io.portcullis.core.net.IpAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Who is banned now: a bounded number of bans, on addresses and on prefixes of any length.
 *
 * <p>Bans are longs in arrays, not objects: a million of them in maps of objects is a quarter of a gigabyte that every
 * collection walks through. They are spread by a keyed hash over {@link BanStripe}s, so that writers seldom meet and a
 * table that grows is a small one; each stripe keeps its bans in a {@link BanTable}. What all bans of a jail share is
 * held once, in {@link Sentences}; a refusal is made once for all of them.
 *
 * <p>Safe for use by many threads. What a visitor costs is one probe for each prefix length that is in use
 * ({@link PrefixLengths}), which is one for nearly everybody, and takes no lock, allocates nothing and reads no clock. A
 * reader sees a ban entirely or not at all. A ban that has run out is left until {@link #expire} or the next write to
 * its client, so whoever reads asks with the time.
 *
 * <p>Where two bans cover the same host, one that a person forced goes before the others, then the one that drops before
 * the one that answers, then the one that lasts longer, whatever prefixes they are on. So the request tier drops exactly
 * those whom the accept tier may refuse.
 */
final class BanList {

    /** A power of two. With a million bans, a stripe that grows has 4,000 to copy, a tenth of a millisecond's work. */
    private static final int STRIPES = 256;

    private static final int STRIPE_SHIFT = Long.SIZE - Integer.numberOfTrailingZeros(STRIPES);

    /**
     * For prefixes that are wider than a client, of which there are few: kept apart they stay in the processor's caches,
     * so that every client can be held against them without paying for the million. A power of two.
     */
    private static final int WIDE_STRIPES = 16;

    private static final int WIDE_SHIFT = Long.SIZE - Integer.numberOfTrailingZeros(WIDE_STRIPES);
    private static final int ALL_STRIPES = STRIPES + WIDE_STRIPES;

    /** An IPv6 client is a /64 unless configured. */
    private static final int IPV6_CLIENT = 64;

    /** From here on a prefix is IPv4 or not as a whole: {@code ::ffff:0:0/96}. */
    private static final int IPV4 = 96;

    private static final int IPV4_CLIENT = 128;

    private final int maxBans;
    private final KeyedHash hash;
    private final Sentences sentences = new Sentences();
    private final PrefixLengths lengths = new PrefixLengths();
    private final AtomicLongArray earliestEnds = new AtomicLongArray(ALL_STRIPES);
    private final BanStripe[] stripes = new BanStripe[ALL_STRIPES];
    private final AtomicInteger size = new AtomicInteger();
    private final AtomicLong givenUp = new AtomicLong();
    private final AtomicLong random;

    /**
     * @param maxBans at least 1; what is in force and what has run out and is not yet swept
     * @param seed random, so that nobody can choose addresses that fall together
     */
    BanList(int maxBans, long seed) {
        if (maxBans < 1) {
            throw new IllegalArgumentException("maxBans: " + maxBans + " (expected: at least 1)");
        }
        this.maxBans = maxBans;
        this.hash = new KeyedHash(seed);
        this.random = new AtomicLong(KeyedHash.mix(seed));
        for (int i = 0; i < ALL_STRIPES; i++) {
            earliestEnds.set(i, Ban.FOREVER);
            stripes[i] = new BanStripe(i, sentences, lengths, earliestEnds);
        }
    }

    /**
     * How requests of the client for the virtual host are refused, or null where they are not. Allocates nothing, and
     * reads the clock only where the client has a ban.
     */
    @Nullable
    Refuse refusal(ClientKey client, String virtualHost, InstantSource clock) {
        int strongest = BanTable.NONE;
        IpAddress address = client.network();
        for (int length : lengths.thatConcern(client)) {
            long hashed = hash.of(address, length);
            int found = stripeOf(hashed, address, length).strongest(hashed, address, length, virtualHost, clock);
            if (found != BanTable.NONE && (strongest == BanTable.NONE || isStronger(client, found, strongest))) {
                strongest = found;
            }
        }
        return strongest == BanTable.NONE ? null : sentences.get(strongest).refusal();
    }

    /**
     * How requests of the client for any of the virtual hosts are dropped, or null where one of them is let through or
     * gets an answer. Of several bans that do so together, one is given.
     */
    @Nullable
    Refuse refusalOfEvery(ClientKey client, Set<String> virtualHosts, InstantSource clock) {
        if (!isKnown(client)) {
            return null;
        }
        long now = clock.millis();
        int dropped = hostsDropped(client, now);
        int ofAll = strongest(client, null, now);
        if (ofAll != BanTable.NONE
                && sentences.get(ofAll).drops()
                && (dropped != Integer.MAX_VALUE || sentences.get(ofAll).isForced())) {
            return sentences.get(ofAll).refusal();
        }
        if (dropped < virtualHosts.size()) {
            return null;
        }
        Refuse last = null;
        for (String virtualHost : virtualHosts) {
            int strongest = strongest(client, virtualHost, now);
            if (strongest == BanTable.NONE || !sentences.get(strongest).drops()) {
                return null;
            }
            last = sentences.get(strongest).refusal();
        }
        return last;
    }

    /**
     * Whether a ban that drops a prefix wider than a client may let somebody inside get an answer, because a person
     * insisted. May be true where there is no such ban any more.
     */
    boolean mayAnswerInside() {
        return sentences.isAnyForcedToAnswer();
    }

    /** The lengths of the bans' prefixes that may concern the client, shortest first. Not to be written to. */
    int[] lengthsThatConcern(ClientKey client) {
        return lengths.thatConcern(client);
    }

    /** When the host's refusal ends; 0 where there is none. */
    long endOfRefusal(ClientKey client, String virtualHost, long now) {
        while (true) {
            int strongest = strongest(client, virtualHost, now);
            long end = strongest == BanTable.NONE ? 0 : endOf(client, strongest);
            // Otherwise another took its place between the two questions.
            if (end != 0 || strongest == BanTable.NONE) {
                return end;
            }
        }
    }

    /**
     * Whether a ban in force covers every request within the scope.
     *
     * @param dryRunToo whether bans that only tell count
     */
    boolean covers(ClientKey client, BanScope scope, boolean dryRunToo, long now) {
        IpAddress address = client.network();
        for (int length : lengths.thatConcern(client)) {
            long hashed = hash.of(address, length);
            if (stripeOf(hashed, address, length).covers(hashed, address, length, scope, dryRunToo, now)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Puts a ban into force; its grounds are not kept. Of two of the same client, scope and mode the one that lasts
     * longer is kept, the older one if they last equally long: neither a jail nor a person shortens a ban, except by an
     * unban. Where there are as many as there may be, bans that have run out go, or else one that ends soon.
     *
     * @return whether it is in force now
     */
    boolean put(Ban ban, long now) {
        if (ban.isOver(now)) {
            return false;
        }
        IpAddress network = ban.client().network();
        int length = ban.client().prefixLength();
        int sentence = sentences.numberOf(ban.sentence());
        long hashed = hash.of(network, length);
        BanStripe stripe = stripeOf(hashed, network, length);
        Outcome outcome = stripe.put(hashed, ban, sentence, now, false);
        if (outcome == Outcome.ABSENT) {
            if (size.incrementAndGet() > maxBans) {
                makeRoom(now);
            }
            lengths.add(network, length);
            outcome = stripe.put(hashed, ban, sentence, now, true);
            if (outcome != Outcome.ADDED) {
                size.decrementAndGet();
                lengths.remove(network, length);
            }
        }
        return outcome != Outcome.KEPT_OTHER;
    }

    /** The bans in force of exactly that client. */
    List<Ban> inForce(ClientKey exactly, long now) {
        long hashed = hash.of(exactly.network(), exactly.prefixLength());
        BanStripe stripe = stripeOf(hashed, exactly.network(), exactly.prefixLength());
        return stripe.inForce(hashed, exactly.network(), exactly.prefixLength(), now);
    }

    /** The bans in force that concern the client: its own and those on wider prefixes that contain it. */
    List<Ban> inForceOn(ClientKey client, long now) {
        List<Ban> found = new ArrayList<>();
        IpAddress address = client.network();
        for (int length : lengths.thatConcern(client)) {
            long hashed = hash.of(address, length);
            found.addAll(stripeOf(hashed, address, length).inForce(hashed, address, length, now));
        }
        return found;
    }

    /**
     * Takes bans of exactly that client out of force.
     *
     * @param taken must not use this list
     * @param now in milliseconds since the epoch
     * @return those taken that had not run out
     */
    List<Ban> remove(ClientKey exactly, Predicate<Ban> taken, long now) {
        List<Ban> removed = new ArrayList<>();
        long hashed = hash.of(exactly.network(), exactly.prefixLength());
        BanStripe stripe = stripeOf(hashed, exactly.network(), exactly.prefixLength());
        int gone = stripe.remove(hashed, exactly, taken, now, removed);
        size.addAndGet(-gone);
        return removed;
    }

    /** Looks at every ban in force, in no order, each part of the list at another moment: not for an event loop. */
    void forEach(long now, Consumer<Ban> action) {
        for (BanStripe stripe : stripes) {
            stripe.inForce(now).forEach(action);
        }
    }

    /**
     * How many bans of each sentence are in force. Looks at every ban, some milliseconds for a million, each part of the
     * list at another moment: not for an event loop.
     */
    Map<Sentence, Long> inForceBySentence(long now) {
        long[] counts = new long[sentences.count()];
        for (BanStripe stripe : stripes) {
            counts = stripe.count(now, counts);
        }
        Map<Sentence, Long> bySentence = new HashMap<>();
        for (int number = 0; number < counts.length; number++) {
            if (counts[number] > 0) {
                bySentence.put(sentences.get(number).refusal().sentence(), counts[number]);
            }
        }
        return bySentence;
    }

    int maxBans() {
        return maxBans;
    }

    /** Those that have run out and are not yet swept among them. */
    int size() {
        return size.get();
    }

    /** How many bans were ended early because there were too many. */
    long givenUp() {
        return givenUp.get();
    }

    /**
     * Sweeps out bans that have run out. Looks only at parts of the list in which one has, and there at every ban, some
     * milliseconds for a million: not for an event loop.
     *
     * @return how many
     */
    int expire(long now) {
        int expired = 0;
        for (int i = 0; i < ALL_STRIPES; i++) {
            if (earliestEnds.get(i) <= now) {
                expired += expire(stripes[i], now);
            }
        }
        return expired;
    }

    private int expire(BanStripe stripe, long now) {
        int expired = stripe.expire(now, hash);
        size.addAndGet(-expired);
        return expired;
    }

    /** Other threads may take the room; who puts a ban then makes some more. */
    private void makeRoom(long now) {
        for (int i = 0; i < ALL_STRIPES; i++) {
            if (earliestEnds.get(i) <= now && expire(stripes[i], now) > 0) {
                return;
            }
        }
        boolean given = false;
        while (!given) {
            BanToGiveUp candidate = new BanToGiveUp(random.getAndIncrement());
            int first = candidate.random(STRIPES);
            for (int i = 0; i < ALL_STRIPES && candidate.wanted() > 0; i++) {
                stripes[(first + i) % ALL_STRIPES].offer(candidate, candidate.wanted());
            }
            given = giveUp(candidate);
        }
    }

    /** @return false if it went meanwhile and another one must be found */
    private boolean giveUp(BanToGiveUp candidate) {
        BanStripe stripe = candidate.stripe();
        if (stripe == null) {
            return true; // what is counted is still being put in
        }
        if (!stripe.giveUp(candidate, hash)) {
            return false;
        }
        size.decrementAndGet();
        givenUp.incrementAndGet();
        return true;
    }

    /** Whether any ban is held that concerns the client; false for nearly everybody. */
    private boolean isKnown(ClientKey client) {
        IpAddress address = client.network();
        for (int length : lengths.thatConcern(client)) {
            long hashed = hash.of(address, length);
            if (stripeOf(hashed, address, length).holds(hashed, address, length)) {
                return true;
            }
        }
        return false;
    }

    /** The number of the sentence that is obeyed; see {@link BanStripe#strongest}. */
    private int strongest(ClientKey client, @Nullable String virtualHost, long now) {
        int strongest = BanTable.NONE;
        IpAddress address = client.network();
        for (int length : lengths.thatConcern(client)) {
            long hashed = hash.of(address, length);
            int found = stripeOf(hashed, address, length).strongest(hashed, address, length, virtualHost, now);
            if (found != BanTable.NONE && (strongest == BanTable.NONE || isStronger(client, found, strongest))) {
                strongest = found;
            }
        }
        return strongest;
    }

    private boolean isStronger(ClientKey client, int sentence, int other) {
        int rank = sentences.get(sentence).rank();
        int otherRank = sentences.get(other).rank();
        return rank == otherRank ? endOf(client, sentence) > endOf(client, other) : rank > otherRank;
    }

    /** When the last ban with that sentence ends. */
    private long endOf(ClientKey client, int sentence) {
        long end = 0;
        IpAddress address = client.network();
        for (int length : lengths.thatConcern(client)) {
            long hashed = hash.of(address, length);
            end = Math.max(end, stripeOf(hashed, address, length).endOf(hashed, address, length, sentence));
        }
        return end;
    }

    /** See {@link BanStripe#hostsDropped}. */
    private int hostsDropped(ClientKey client, long now) {
        int dropped = 0;
        IpAddress address = client.network();
        for (int length : lengths.thatConcern(client)) {
            long hashed = hash.of(address, length);
            int here = stripeOf(hashed, address, length).hostsDropped(hashed, address, length, now);
            if (here == Integer.MAX_VALUE) {
                return here;
            }
            dropped += here;
        }
        return dropped;
    }

    /** The same for a prefix and for all addresses in it. */
    private BanStripe stripeOf(long hashed, IpAddress address, int length) {
        boolean wide = length < IPV6_CLIENT || (length >= IPV4 && length < IPV4_CLIENT && address.isIpv4());
        return stripes[wide ? STRIPES + (int) (hashed >>> WIDE_SHIFT) : (int) (hashed >>> STRIPE_SHIFT)];
    }
}
