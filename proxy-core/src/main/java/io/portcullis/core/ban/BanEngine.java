package io.portcullis.core.ban;

import io.portcullis.core.ban.Verdict.Allow;
import io.portcullis.core.ban.Verdict.Refuse;
import io.portcullis.core.config.BansConfig;
import io.portcullis.core.config.JailConfig;
import io.portcullis.core.config.JailConfig.Drop;
import io.portcullis.core.http.RequestHead;
import io.portcullis.core.net.ClientAddress;
import io.portcullis.core.net.ClientKey;
import io.portcullis.core.net.Denylist;
import io.portcullis.core.net.IpAddress;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides who is banned, and alone does so: by what the jails count, or by a person's word.
 *
 * <p>Safe for use by many threads. Verdicts take no lock. Whatever changes a client (an offence, a ban, an unban) holds
 * that client's lock for the few hundred nanoseconds it takes, so changes to one client have an order, of any number of
 * threads exactly one makes a ban fall, and the listener is told in that order. The locks are a fixed number that clients
 * share by hash, rather than one in each {@link TrackedClient}: those come and go with the bound on their number, and two
 * of the same client would be two locks.
 *
 * <p>Bans end by the wall clock, which is what a person is told and what outlives a restart. If the clock is set back,
 * bans in force last that much longer, and one that ran out just before may be in force again until swept.
 */
public final class BanEngine {

    /** The jail's name in a ban that a person made. */
    public static final String BY_HAND = "by hand";

    /** The reason in the verdict on a denylisted address. */
    public static final String DENYLIST = "denylist";

    private static final Logger LOG = LoggerFactory.getLogger(BanEngine.class);

    private static final Refuse DENYLISTED =
            new Refuse(new Sentence(BanScope.AllHosts.ALL_HOSTS, DENYLIST, Drop.DROP, Sentence.Mode.ENFORCED));

    /** Many times the event loops there may be, so that two of them seldom meet; a power of two. */
    private static final int LOCKS = 1024;

    private final int ipv6Prefix;
    private final InstantSource clock;
    private final BanListener listener;
    private final BanList bans = new BanList();
    private final PathHash paths;
    private final TrackedClients tracked;
    private final Object[] locks = Stream.generate(Object::new).limit(LOCKS).toArray();
    private volatile AccessLists lists;

    /**
     * What the engine does not make up by itself; thread-safe each.
     *
     * @param random for jitter
     */
    public record Sources(InstantSource clock, RandomGenerator random) {}

    /** Starts with no bans and an empty denylist. */
    public BanEngine(BansConfig config, Allowlist allowlist, Sources sources, BanListener listener) {
        this.ipv6Prefix = config.prefixes().ipv6Prefix();
        this.clock = sources.clock();
        this.listener = listener;
        this.paths = new PathHash(sources.random());
        this.tracked = new TrackedClients(config.bounds().trackedClients(), clock);
        this.lists = new AccessLists(allowlist, Denylist.EMPTY);
    }

    /** Replaces both lists at once; verdicts and observations from now on go by them. */
    public void publish(Allowlist allowlist, Denylist denylist) {
        lists = new AccessLists(allowlist, denylist);
    }

    /** The key under which an address is counted and banned. */
    public ClientKey keyOf(IpAddress address) {
        return ClientKey.of(address, ipv6Prefix);
    }

    /**
     * Counts what was seen. If that is the offence that bans, the ban is in force and the listener has been told before
     * this returns. Nothing is counted against an exempt client, nor against one that is already banned in the jail's
     * scope: what it had in flight does not prolong the ban.
     *
     * @return the ban that this observation brought about, the one for all hosts if there are two; null if none
     */
    public @Nullable Ban observe(Observation observation) {
        JailSet jails = observation.jails();
        IpAddress address = observation.client().client();
        if (jails.candidates(observation).length == 0 || lists.allowlist.exempts(address)) {
            return null;
        }
        tracked.keepFor(jails.longestFindTime());
        ClientKey client = keyOf(address);
        synchronized (lockOf(client)) {
            return count(client, observation);
        }
    }

    /**
     * The compiled jails of a virtual host, for a configuration snapshot. What they count, and what is known of the
     * host's health, goes by its name and so lives across reloads.
     */
    public JailSet jailsOf(String virtualHost, List<JailConfig> jails) {
        return JailSet.of(virtualHost, jails);
    }

    /**
     * The compiled jails for what concerns no virtual host: a head that cannot be read, a host that nobody serves. They
     * are those that the main file gives every virtual host; as no host can be named, their bans cover all.
     */
    public JailSet jailsOfNoHost(List<JailConfig> jails) {
        return JailSet.of(JailSet.NO_HOST, jails);
    }

    /** Holds the client's lock, and reads the clock under it: the offences of a client are in order. */
    private @Nullable Ban count(ClientKey client, Observation observation) {
        long now = clock.millis();
        // Taken before any jail counts: of two jails that the same answer makes ban, neither keeps the other from it.
        ClientBans before = bans.of(client);
        Ban ofHost = null;
        Ban ofAll = null;
        for (Jail jail : observation.jails().candidates(observation)) {
            int offences = jail.offences(observation);
            if (offences > 0 && !before.covers(jail.scope(), now)) {
                Ban ban = count(client, jail, observation, offences, now);
                if (jail.scope() == BanScope.AllHosts.ALL_HOSTS) {
                    ofAll = longer(ofAll, ban);
                } else {
                    ofHost = longer(ofHost, ban);
                }
            }
        }
        if (ofHost != null) {
            impose(ofHost);
        }
        if (ofAll != null) {
            impose(ofAll);
        }
        return ofAll != null ? ofAll : ofHost;
    }

    private @Nullable Ban count(ClientKey client, Jail jail, Observation observation, int offences, long now) {
        TrackedClient counters = tracked.see(client);
        OffenceCounter counter = counters.counterOf(jail, now);
        RequestHead request = observation.request();
        Offence offence = new Offence(
                now, jail.virtualHost(), jail.name(), request.method(), request.target(), observation.status());
        int count = jail.countsDistinctPaths()
                ? counter.addPath(offence, paths.of(request.path()), jail.maxRetry(), jail.findTime())
                : counter.add(offence, offences, jail.maxRetry(), jail.findTime());
        if (count < jail.maxRetry() && offences != AnswerWeight.NOW) {
            return null;
        }
        Ban ban = new Ban(client, jail.sentence(), now, jail.until(now), new Ban.Grounds("", counter.evidence()));
        counters.clear(jail);
        forgetIfEmpty(client, counters);
        return ban;
    }

    /**
     * The request tier: the virtual host is known. Allocates nothing.
     *
     * @param key {@link #keyOf} the resolved address
     */
    public Verdict verdict(ClientAddress client, ClientKey key, String virtualHost) {
        IpAddress address = client.client();
        ClientBans banned = bans.of(key);
        Refuse refusal = lists.denylist.contains(address)
                ? DENYLISTED
                : banned.isEmpty() ? null : banned.refusal(virtualHost, clock.millis());
        return unlessExempt(address, refusal);
    }

    /**
     * The accept tier: only the peer is known. Refuses only whom every virtual host of the listener drops, since
     * whichever the client would ask for, it would be dropped. A ban whose action is to answer does not count here: its
     * answer takes a request to answer to. A trusted proxy is exempt, and who is behind it is asked about later.
     *
     * @param key {@link #keyOf} the peer
     * @param virtualHosts the names of all that are reachable on the listener
     */
    public Verdict verdictAtAccept(IpAddress peer, ClientKey key, Set<String> virtualHosts) {
        ClientBans banned = bans.of(key);
        Refuse refusal = lists.denylist.contains(peer)
                ? DENYLISTED
                : banned.isEmpty() ? null : banned.refusalOfEvery(virtualHosts, clock.millis());
        return unlessExempt(peer, refusal);
    }

    /** The exempt are asked about last, since hardly anybody is refused. */
    private Verdict unlessExempt(IpAddress address, @Nullable Refuse refusal) {
        return refusal == null || lists.allowlist.exempts(address) ? Allow.ALLOW : refusal;
    }

    /**
     * When the refusal of requests for the virtual host ends, in milliseconds since the epoch; {@link Ban#FOREVER} for
     * one without an end, 0 where there is none.
     */
    public long endOfRefusal(ClientAddress client, ClientKey key, String virtualHost) {
        return lists.denylist.contains(client.client())
                ? Ban.FOREVER
                : bans.of(key).endOfRefusal(virtualHost, clock.millis());
    }

    /**
     * Bans by hand.
     *
     * @return the ban in force, which is an older one of that scope if that lasts longer; null where the address is
     *     exempt and the order not forced, and therefore nobody is banned
     */
    public @Nullable Ban ban(BanOrder order) {
        IpAddress address = order.who().network();
        if (lists.allowlist.exempts(address)) {
            return null;
        }
        ClientKey client = keyOf(address);
        synchronized (lockOf(client)) {
            long now = clock.millis();
            long until = Jail.until(now, Jail.saturatedMillis(order.banTime()));
            Sentence sentence = new Sentence(order.scope(), BY_HAND, order.action(), Sentence.Mode.ENFORCED);
            impose(new Ban(client, sentence, now, until, new Ban.Grounds(order.reason(), List.of())));
            return bans.of(client).ofScope(order.scope());
        }
    }

    /**
     * Takes back the bans of exactly that scope that refuse the address, at once, and clears every counter that could
     * lead to them again. A client banned on all hosts is not let in on one by this.
     *
     * @return what was taken back
     */
    public List<Ban> unban(IpAddress address, BanScope scope) {
        ClientKey client = keyOf(address);
        synchronized (lockOf(client)) {
            TrackedClient counters = tracked.peek(client);
            if (counters != null) {
                counters.clear(scope);
                forgetIfEmpty(client, counters);
            }
            return lift(client, ban -> ban.scope().equals(scope));
        }
    }

    /**
     * Takes back all bans that refuse the address, those on wider prefixes among them, at once, and clears its counters.
     *
     * @return what was taken back
     */
    public List<Ban> unban(IpAddress address) {
        ClientKey client = keyOf(address);
        synchronized (lockOf(client)) {
            tracked.forget(client);
            return lift(client, ban -> true);
        }
    }

    /** Puts a ban into force that was made before this process began, or by another one; nobody is told. */
    public void restore(Ban ban) {
        bans.put(ban);
    }

    /** The bans in force, in no particular order. Looks at every client: not for an event loop. */
    public List<Ban> bans() {
        return bans.inForce(clock.millis());
    }

    /** What is held against the address. */
    public Evidence why(IpAddress address) {
        ClientKey client = keyOf(address);
        synchronized (lockOf(client)) {
            long now = clock.millis();
            TrackedClient counters = tracked.peek(client);
            List<Ban> inForce = bans.of(client).inForce(now);
            List<Offence> offences = counters == null
                    ? List.of()
                    : counters.offences().stream()
                            .sorted(Comparator.comparingLong(Offence::millis))
                            .toList();
            int first = Math.max(0, offences.size() - Evidence.MAX_OFFENCES);
            return new Evidence(
                    client,
                    Optional.empty(),
                    lists.denylist.longestMatch(address),
                    counters == null ? List.of() : counters.counters(now),
                    offences.subList(first, offences.size()),
                    inForce,
                    List.of());
        }
    }

    /**
     * Sweeps bans that have run out and clients whose windows are empty, which both are without effect before that, and
     * looks at the virtual hosts' health. To be called every second; looks at every client: not for an event loop.
     *
     * @return how many bans have run out
     */
    public int upkeep() {
        tracked.expire();
        return bans.expire(clock.millis());
    }

    private void impose(Ban ban) {
        if (bans.put(ban)) {
            tell(told -> told.banned(ban));
        }
    }

    private List<Ban> lift(ClientKey client, Predicate<Ban> taken) {
        List<Ban> lifted = bans.remove(client, taken, clock.millis());
        lifted.forEach(ban -> tell(told -> told.unbanned(ban)));
        return lifted;
    }

    /** The ban is in force whatever the listener does: its fault is logged and goes no further. */
    private void tell(Consumer<BanListener> news) {
        try {
            news.accept(listener);
        } catch (RuntimeException e) {
            LOG.error("The ban list changed, and a listener failed when told", e);
        }
    }

    private void forgetIfEmpty(ClientKey client, TrackedClient counters) {
        if (counters.isEmpty()) {
            tracked.forget(client);
        }
    }

    private Object lockOf(ClientKey client) {
        int hash = client.hashCode();
        return locks[(hash ^ hash >>> 16) & (LOCKS - 1)];
    }

    private static @Nullable Ban longer(@Nullable Ban first, @Nullable Ban second) {
        return first == null || (second != null && second.until() > first.until()) ? second : first;
    }

    private record AccessLists(Allowlist allowlist, Denylist denylist) {}
}
