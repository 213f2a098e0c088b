package io.portcullis.core.ban;

import io.portcullis.core.ban.Verdict.Allow;
import io.portcullis.core.ban.Verdict.Refuse;
import io.portcullis.core.config.BansConfig;
import io.portcullis.core.config.JailConfig;
import io.portcullis.core.config.JailConfig.Drop;
import io.portcullis.core.net.Cidr;
import io.portcullis.core.net.ClientAddress;
import io.portcullis.core.net.ClientKey;
import io.portcullis.core.net.Denylist;
import io.portcullis.core.net.IpAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Decides who is banned, and alone does so: by what the jails count, or by a person's word.
 *
 * <p>What it decides by is in parts: {@link Counting} says which jails have counted enough, {@link Sentencing} makes the
 * bans, {@link Widening} those of IPv6 networks, {@link ErrorSurvey} which errors are nobody's offence, and the
 * {@link BanRegister} holds what is in force and remembered.
 *
 * <p>Safe for use by many threads. Verdicts take no lock. Whatever changes a client (an offence, a ban, an unban) holds
 * that client's lock ({@link ClientLocks}) for the few hundred nanoseconds it takes, so changes to one client have an
 * order, of any number of threads exactly one makes a ban fall, and the listener is told in that order.
 *
 * <p>Bans end by the wall clock, which is what a person is told and what outlives a restart. If the clock is set back,
 * bans in force last that much longer, and one that ran out just before may be in force again until swept.
 */
public final class BanEngine {

    /** The jail's name in a ban that a person made. */
    public static final String BY_HAND = "by hand";

    /** The reason in the verdict on a denylisted address. */
    public static final String DENYLIST = "denylist";

    private static final Refuse DENYLISTED =
            new Refuse(new Sentence(BanScope.AllHosts.ALL_HOSTS, DENYLIST, Drop.DROP, Sentence.Mode.ENFORCED));

    private final int ipv6Prefix;
    private final InstantSource clock;
    private final ClientLocks locks = new ClientLocks();
    private final TrackedClients tracked;
    private final BanRegister register;
    private final BanList bans;
    private final Counting counting;
    private final Sentencing sentencing;
    private final Widening widening;
    private final KeyedHash surveyHash;
    /** By virtual host. */
    private final Map<String, ErrorSurvey> surveys = new ConcurrentHashMap<>();

    private volatile Rules rules;

    /**
     * What the engine does not make up by itself; thread-safe each.
     *
     * @param random for jitter, and for what no stranger may foresee
     */
    public record Sources(InstantSource clock, RandomGenerator random) {}

    /** Starts with no bans and an empty denylist. */
    public BanEngine(BansConfig config, Allowlist allowlist, Sources sources, BanListener listener) {
        RandomGenerator random = sources.random();
        int clients = config.bounds().trackedClients();
        this.ipv6Prefix = config.prefixes().ipv6Prefix();
        this.clock = sources.clock();
        this.tracked = new TrackedClients(clients, random.nextLong());
        this.register = new BanRegister(config.bounds(), random, listener);
        this.bans = register.bans();
        this.counting = new Counting(tracked, bans, new PathHash(random));
        this.sentencing = new Sentencing(register, random);
        this.widening = new Widening(config, register, locks, random.nextLong());
        this.surveyHash = new KeyedHash(random.nextLong());
        this.rules = new Rules(allowlist, Denylist.EMPTY, config);
    }

    /** Replaces both lists at once; verdicts and observations from now on go by them. */
    public void publish(Allowlist allowlist, Denylist denylist) {
        publish(allowlist, denylist, rules.config);
    }

    /** Replaces the thresholds, too; how IPv6 clients are told apart and what is held at most stays as at the start. */
    public void publish(Allowlist allowlist, Denylist denylist, BansConfig config) {
        rules = new Rules(allowlist, denylist, config);
    }

    /** The key under which an address is counted and banned. */
    public ClientKey keyOf(IpAddress address) {
        return ClientKey.of(address, ipv6Prefix);
    }

    /**
     * The compiled jails of a virtual host, for a configuration snapshot. What they count, and what is known of the
     * host's health, goes by its name and so lives across reloads.
     */
    public JailSet jailsOf(String virtualHost, List<JailConfig> jails) {
        return JailSet.of(
                surveys.computeIfAbsent(virtualHost, name -> new ErrorSurvey(name, surveyHash)), virtualHost, jails);
    }

    /** Forgets what is known of the health of all other virtual hosts. */
    public void keepOnlyHosts(Set<String> virtualHosts) {
        surveys.keySet().retainAll(virtualHosts);
    }

    /**
     * The compiled jails for what concerns no virtual host: a head that cannot be read, a host that nobody serves. They
     * are those that the main file gives every virtual host; as no host can be named, their bans cover all.
     */
    public JailSet jailsOfNoHost(List<JailConfig> jails) {
        return JailSet.of(JailSet.NO_HOST, jails);
    }

    /**
     * Counts what was seen. If that is the offence that bans, the ban is in force and the listener has been told before
     * this returns, as of those that follow from it: of a recidivist, for all hosts, of a wider IPv6 prefix. Nothing is
     * counted against an exempt client, nor against one that is already banned in the jail's scope: what it had in
     * flight does not prolong the ban.
     *
     * @return the ban of the client that this observation brought about, the one for all hosts if there are two; null if
     *     none, or only those of jails on trial, which refuse nobody
     */
    public @Nullable Ban observe(Observation observation) {
        JailSet jails = observation.jails();
        Jail[] candidates = jails.candidates(observation);
        IpAddress address = observation.client().client();
        if (candidates.length == 0 || rules.allowlist.exempts(address)) {
            return null;
        }
        int[] offences = Counting.offences(candidates, observation);
        if (offences == null) {
            return null;
        }
        tracked.keepFor(jails.longestFindTime());
        ClientKey client = keyOf(address);
        List<Sentencing.Imposed> imposed;
        synchronized (locks.of(client)) {
            // Read under the lock: the offences of a client are in order.
            long now = clock.millis();
            List<Conviction> convictions =
                    counting.count(client, observation, offences, rules.config.sickUpstream(), now);
            if (convictions.isEmpty()) {
                return null;
            }
            imposed = sentencing.pass(client, convictions, jails, rules.config, now);
        }
        return spread(imposed, observation);
    }

    /** Does what concerns others than the client, so its lock is not held. */
    private @Nullable Ban spread(List<Sentencing.Imposed> imposed, Observation observation) {
        Ban gravest = null;
        for (Sentencing.Imposed one : imposed) {
            Ban ban = one.ban();
            if (!ban.isDryRun()) {
                gravest = graver(gravest, ban);
                List<Ban> wider = widening.widen(ban, rules.config.prefixes().widenAfter());
                if (one.forStatus()) {
                    ErrorSurvey survey = observation.jails().survey();
                    survey.banned(observation.status(), ban);
                    wider.forEach(widened -> survey.banned(observation.status(), widened));
                }
            }
        }
        return gravest;
    }

    private static Ban graver(@Nullable Ban first, Ban second) {
        boolean all = second.scope() == BanScope.AllHosts.ALL_HOSTS;
        if (first == null || all != (first.scope() == BanScope.AllHosts.ALL_HOSTS)) {
            return first == null || all ? second : first;
        }
        return second.until() > first.until() ? second : first;
    }

    /**
     * The request tier: the virtual host is known. Allocates nothing.
     *
     * @param key {@link #keyOf} the resolved address
     */
    public Verdict verdict(ClientAddress client, ClientKey key, String virtualHost) {
        return verdict(client.client(), bans.refusal(key, virtualHost, clock));
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
        return verdict(peer, bans.refusalOfEvery(key, virtualHosts, clock));
    }

    /**
     * What is refused at accept whole, so that it may be refused before that.
     *
     * @param ahead for how long it must be refused at least
     */
    public RefusedBlocks refusedBlocks(Duration ahead) {
        return new RefusedBlocks(bans, ipv6Prefix, () -> rules, clock, ahead);
    }

    /** The exempt are asked about last, since hardly anybody is refused. */
    private Verdict verdict(IpAddress address, @Nullable Refuse banned) {
        Rules current = rules;
        boolean denied = current.denylist.contains(address);
        if (banned == null && !denied) {
            return Allow.ALLOW;
        }
        if (!current.allowlist.exempts(address)) {
            return denied || banned == null ? DENYLISTED : banned;
        }
        return banned != null && banned.sentence().mode() == Sentence.Mode.FORCED ? banned : Allow.ALLOW;
    }

    /**
     * When the refusal of requests for the virtual host ends, in milliseconds since the epoch; {@link Ban#FOREVER} for
     * one without an end, 0 where there is none.
     */
    public long endOfRefusal(ClientAddress client, ClientKey key, String virtualHost) {
        return rules.denylist.contains(client.client())
                ? Ban.FOREVER
                : bans.endOfRefusal(key, virtualHost, clock.millis());
    }

    /**
     * Bans by hand: an address, which stands for its whole client, or a block. A block may have exempt addresses in it,
     * which stay exempt; one of which both ends are is taken for exempt as a whole.
     *
     * @return the ban in force, which is an older one of that scope if that lasts longer; null where the address is
     *     exempt and the order not forced, and therefore nobody is banned
     */
    public @Nullable Ban ban(BanOrder order) {
        Allowlist exempt = rules.allowlist;
        if (!order.forced()
                && exempt.exempts(order.who().network())
                && exempt.exempts(order.who().last())) {
            return null;
        }
        ClientKey client = keyOf(order.who());
        Sentence.Mode mode = order.forced() ? Sentence.Mode.FORCED : Sentence.Mode.ENFORCED;
        synchronized (locks.of(client)) {
            long now = clock.millis();
            long until = BanTime.until(now, BanTime.millis(order.banTime()));
            Sentence sentence = new Sentence(order.scope(), BY_HAND, order.action(), mode);
            Ban ban = new Ban(client, sentence, now, until, new Ban.Grounds(order.reason(), List.of()));
            return register.impose(ban)
                    ? ban
                    : bans.inForce(client, now).stream()
                            .filter(older -> older.scope().equals(order.scope())
                                    && older.sentence().mode() == mode)
                            .findFirst()
                            .orElse(null);
        }
    }

    /** A block smaller than a client is the client: the rest of it would be the same subscriber. */
    private ClientKey keyOf(Cidr who) {
        IpAddress network = who.network();
        boolean partOfClient = !network.isIpv4() && who.prefixLength() > ipv6Prefix;
        return partOfClient ? keyOf(network) : new ClientKey(network, who.prefixLength());
    }

    /**
     * Takes back the bans of exactly that scope that refuse the address, those on wider prefixes among them, at once, and
     * clears every counter that could lead to them again. A client banned on all hosts is not let in on one by this.
     *
     * @return what was taken back
     */
    public List<Ban> unban(IpAddress address, BanScope scope) {
        return unban(keyOf(address), scope);
    }

    /**
     * Takes back all bans that refuse the address, those on wider prefixes among them, at once, and clears all that was
     * counted against it.
     *
     * @return what was taken back
     */
    public List<Ban> unban(IpAddress address) {
        return unban(keyOf(address), null);
    }

    /**
     * Takes back every ban, each as {@link #unban} does. Looks at every ban: not for an event loop.
     *
     * @param scope only those of exactly that scope; null for all
     * @return what was taken back
     */
    public List<Ban> unbanAll(@Nullable BanScope scope) {
        Set<ClientKey> clients = new LinkedHashSet<>();
        forEachBan(ban -> {
            if (scope == null || ban.scope().equals(scope)) {
                clients.add(ban.client());
            }
        });
        List<Ban> lifted = new ArrayList<>();
        clients.forEach(client -> lifted.addAll(unban(client, scope)));
        return lifted;
    }

    private List<Ban> unban(ClientKey client, @Nullable BanScope scope) {
        Predicate<Ban> taken = ban -> scope == null || ban.scope().equals(scope);
        List<Ban> lifted;
        synchronized (locks.of(client)) {
            long now = clock.millis();
            tracked.pardon(client, scope, now, BanTime.millis(rules.config.unbanGrace()));
            lifted = new ArrayList<>(register.lift(client, taken, now));
        }
        for (Ban wider : bans.inForceOn(client, clock.millis())) {
            if (!wider.client().equals(client) && taken.test(wider)) {
                synchronized (locks.of(wider.client())) {
                    lifted.addAll(register.lift(wider.client(), taken, clock.millis()));
                }
            }
        }
        return lifted;
    }

    /**
     * Takes up a ban that was made before this process began, or by another one; nobody is told. One that has run out is
     * only remembered against the client.
     */
    public void restore(Ban ban) {
        long now = clock.millis();
        synchronized (locks.of(ban.client())) {
            register.restore(ban, now);
        }
        if (!ban.isOver(now)) {
            widening.restore(ban, rules.config.prefixes().widenAfter());
        }
    }

    /** The bans in force, in no particular order. Looks at every client: not for an event loop. */
    public List<Ban> bans() {
        List<Ban> all = new ArrayList<>();
        forEachBan(all::add);
        return all;
    }

    /** Looks at every ban in force, without a list of them. Not for an event loop. */
    public void forEachBan(Consumer<Ban> action) {
        bans.forEach(clock.millis(), action);
    }

    /** How many bans there are; those that have run out in the last second may be among them. Cheap. */
    public int banCount() {
        return bans.size();
    }

    /** How many clients have counters. Cheap. */
    public int trackedClients() {
        return tracked.size();
    }

    /** How much is held now. Looks at every ban in force: not for an event loop. */
    public Holdings holdings() {
        return Holdings.of(bans, tracked, clock.millis());
    }

    /** What is held against the address. */
    public Evidence why(IpAddress address) {
        ClientKey client = keyOf(address);
        Rules current = rules;
        synchronized (locks.of(client)) {
            long now = clock.millis();
            TrackedClient known = tracked.peek(client);
            return new Evidence(
                    client,
                    current.allowlist.exemption(address),
                    current.denylist.longestMatch(address),
                    known == null ? List.of() : known.counters(now),
                    known == null ? List.of() : known.lastOffences(),
                    bans.inForceOn(client, now),
                    register.past().ended(client, now, BanTime.millis(current.config.remember())));
        }
    }

    /**
     * Sweeps what is over (bans that have run out, clients whose windows are empty), which is without effect before that,
     * and looks at the virtual hosts' health: bans for what turns out to be the application's fault are lifted. To be
     * called every second, by one thread; looks at every client: not for an event loop.
     *
     * @return how many bans have run out
     */
    public int upkeep() {
        long now = clock.millis();
        BansConfig config = rules.config;
        for (ErrorSurvey survey : surveys.values()) {
            survey.check(config.sickUpstream(), now).forEach(this::lift);
        }
        tracked.expire(now);
        register.past().expire(now, BanTime.millis(config.remember()));
        widening.expire(now);
        return bans.expire(now);
    }

    /** Takes back exactly that ban, where it is in force; the listener is told. */
    public void lift(Ban unjust) {
        synchronized (locks.of(unjust.client())) {
            register.lift(
                    unjust.client(),
                    ban -> ban.since() == unjust.since() && ban.sentence().equals(unjust.sentence()),
                    clock.millis());
        }
    }

    /** Published together. */
    record Rules(Allowlist allowlist, Denylist denylist, BansConfig config) {}
}
