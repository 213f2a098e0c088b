package io.portcullis.core.ban;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.core.ban.BanScope.AllHosts;
import io.portcullis.core.ban.BanScope.OneHost;
import io.portcullis.core.ban.Sentence.Mode;
import io.portcullis.core.ban.Verdict.Refuse;
import io.portcullis.core.config.JailConfig.Action;
import io.portcullis.core.config.JailConfig.Drop;
import io.portcullis.core.config.JailConfig.Reject;
import io.portcullis.core.config.JailConfig.Tarpit;
import io.portcullis.core.net.ClientKey;
import io.portcullis.core.net.IpAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** The list answers as a plain list of bans does that is searched from end to end, whatever is done to both. */
class BanListModelTest {

    private static final List<String> HOSTS = List.of("a", "b", "c");
    private static final List<Action> ACTIONS = List.of(Drop.DROP, new Reject(403), Tarpit.TARPIT);
    private static final List<Mode> MODES = List.of(Mode.ENFORCED, Mode.ENFORCED, Mode.DRY_RUN, Mode.FORCED);
    private static final int[] LENGTHS = {0, 20, 48, 56, 64, 96, 104, 120, 127, 128};

    /** Clients of one round; few, so that they meet, or many, so that tables grow and shrink. */
    private List<IpAddress> addresses = List.of();

    private final List<Ban> model = new ArrayList<>();
    private BanList list = new BanList(1, 0);
    private long now = 1_000_000;

    @Test
    void agreesWithAPlainListOverRandomOperations() {
        for (int round = 0; round < 20; round++) {
            Random random = new Random(round);
            begin(random, random.nextBoolean() ? 6 : 40);
            for (int step = 0; step < 250; step++) {
                operate(random);
                assertSame(random, "round " + round + ", step " + step);
            }
        }
    }

    /** Thousands in each stripe, so that tables are copied, and shifted back over their ends. */
    @Test
    void agreesWithAPlainListWhileItGrowsAndShrinks() {
        Random random = new Random(99);
        begin(random, 30_000);
        for (int wave = 0; wave < 3; wave++) {
            for (IpAddress address : addresses) {
                long until = now + 1 + random.nextInt(1000);
                Ban ban = new Ban(key(address, 128), sentence(random), now, until, Ban.Grounds.UNTOLD);
                list.put(ban, now);
                model.add(ban);
            }
            assertThat(list.size()).isEqualTo(model.size());
            for (int part = 0; part < 4; part++) {
                now += 250;
                expire();
                for (int i = 0; i < 30; i++) {
                    assertSameRefusal(key(addresses.get(random.nextInt(addresses.size())), 128), "wave " + wave);
                }
            }
            assertThat(list.size()).isZero();
        }
    }

    private void begin(Random random, int clients) {
        model.clear();
        list = new BanList(1_000_000, random.nextLong());
        List<IpAddress> some = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            some.add(
                    random.nextBoolean()
                            ? IpAddress.ofIpv4(0x0A000000 + (clients > 1000 ? i : random.nextInt(600)))
                            : new IpAddress(0x2001_0DB8_0000_0000L + random.nextInt(600), i));
        }
        addresses = some;
    }

    private void operate(Random random) {
        IpAddress address = addresses.get(random.nextInt(addresses.size()));
        ClientKey client = key(address, LENGTHS[random.nextInt(LENGTHS.length)]);
        switch (random.nextInt(10)) {
            case 0 -> now += random.nextInt(300);
            case 1 -> expire();
            case 2 -> remove(client, ban -> ban.scope() != AllHosts.ALL_HOSTS);
            case 3 -> remove(client, ban -> true);
            default -> {
                long until = random.nextInt(20) == 0 ? Ban.FOREVER : now + random.nextInt(500);
                put(new Ban(client, sentence(random), now - random.nextInt(5), until, Ban.Grounds.UNTOLD));
            }
        }
    }

    private static Sentence sentence(Random random) {
        int host = random.nextInt(HOSTS.size() + 1);
        return new Sentence(
                host == HOSTS.size() ? AllHosts.ALL_HOSTS : new OneHost(HOSTS.get(host)),
                "jail" + random.nextInt(2),
                ACTIONS.get(random.nextInt(ACTIONS.size())),
                MODES.get(random.nextInt(MODES.size())));
    }

    private static ClientKey key(IpAddress address, int length) {
        return new ClientKey(address.truncate(length), length);
    }

    private void put(Ban ban) {
        Predicate<Ban> same = other -> other.client().equals(ban.client())
                && other.scope().equals(ban.scope())
                && other.sentence().mode() == ban.sentence().mode();
        boolean expected = !ban.isOver(now)
                && model.stream()
                        .noneMatch(other -> same.test(other) && !other.isOver(now) && other.until() >= ban.until());
        if (expected) {
            model.removeIf(same);
            model.add(ban);
        }
        assertThat(list.put(ban, now)).isEqualTo(expected);
    }

    private void remove(ClientKey client, Predicate<Ban> taken) {
        Predicate<Ban> going = ban -> ban.client().equals(client) && (ban.isOver(now) || taken.test(ban));
        List<Ban> expected =
                model.stream().filter(going).filter(ban -> !ban.isOver(now)).toList();
        model.removeIf(going);
        assertThat(list.remove(client, taken, now)).containsExactlyInAnyOrderElementsOf(expected);
    }

    private void expire() {
        int before = model.size();
        model.removeIf(ban -> ban.isOver(now));
        assertThat(list.expire(now)).isEqualTo(before - model.size());
    }

    private void assertSame(Random random, String when) {
        assertThat(list.size()).as(when).isEqualTo(model.size());
        for (int i = 0; i < 3; i++) {
            IpAddress address = addresses.get(random.nextInt(addresses.size()));
            int length = LENGTHS[random.nextInt(LENGTHS.length)];
            assertSameRefusal(key(address, 128), when);
            assertSameRefusal(key(address, address.isIpv4() ? 128 : 64), when);
            ClientKey client = key(address, length);
            assertThat(list.inForce(client, now))
                    .as(when)
                    .containsExactlyInAnyOrderElementsOf(model.stream()
                            .filter(ban -> ban.client().equals(client) && !ban.isOver(now))
                            .toList());
        }
        if (random.nextInt(20) == 0) {
            List<Ban> all = new ArrayList<>();
            list.forEach(now, all::add);
            assertThat(all)
                    .as(when)
                    .containsExactlyInAnyOrderElementsOf(
                            model.stream().filter(ban -> !ban.isOver(now)).toList());
        }
    }

    private void assertSameRefusal(ClientKey client, String when) {
        List<Ban> on = model.stream()
                .filter(ban -> contains(ban.client(), client) && !ban.isOver(now))
                .toList();
        assertThat(list.inForceOn(client, now)).as(when).containsExactlyInAnyOrderElementsOf(on);
        boolean allDrop = true;
        for (String host : HOSTS) {
            Optional<Ban> strongest = strongest(on, host);
            Refuse refusal = list.refusal(client, host, clock());
            assertThat(refusal == null)
                    .as("%s: %s on %s: %s", when, client, host, on)
                    .isEqualTo(strongest.isEmpty());
            if (refusal != null && strongest.isPresent()) {
                assertThat(rank(refusal.sentence()))
                        .as(when)
                        .isEqualTo(rank(strongest.get().sentence()));
            }
            assertThat(list.endOfRefusal(client, host, now))
                    .as(when)
                    .isEqualTo(strongest.map(Ban::until).orElse(0L));
            allDrop &= strongest.isPresent() && strongest.get().action() == Drop.DROP;
            assertSameCover(client, new OneHost(host), on, when);
        }
        assertSameCover(client, AllHosts.ALL_HOSTS, on, when);
        Refuse ofEvery = list.refusalOfEvery(client, Set.copyOf(HOSTS), clock());
        assertThat(ofEvery != null).as("%s: %s: %s", when, client, on).isEqualTo(allDrop);
    }

    private void assertSameCover(ClientKey client, BanScope scope, List<Ban> on, String when) {
        for (boolean dryRunToo : new boolean[] {true, false}) {
            assertThat(list.covers(client, scope, dryRunToo, now))
                    .as(when)
                    .isEqualTo(on.stream()
                            .filter(ban -> dryRunToo || !ban.isDryRun())
                            .anyMatch(ban -> ban.scope() == AllHosts.ALL_HOSTS
                                    || ban.scope().equals(scope)));
        }
    }

    private InstantSource clock() {
        return InstantSource.fixed(Instant.ofEpochMilli(now));
    }

    private static Optional<Ban> strongest(List<Ban> bans, String host) {
        return bans.stream()
                .filter(ban -> !ban.isDryRun() && ban.scope().covers(host))
                .max(Comparator.comparingInt((Ban ban) -> rank(ban.sentence())).thenComparingLong(Ban::until));
    }

    private static int rank(Sentence sentence) {
        return (sentence.mode() == Mode.FORCED ? 2 : 0) + (sentence.action() == Drop.DROP ? 1 : 0);
    }

    private static boolean contains(ClientKey wide, ClientKey client) {
        return wide.prefixLength() <= client.prefixLength()
                && client.network().truncate(wide.prefixLength()).equals(wide.network());
    }
}
