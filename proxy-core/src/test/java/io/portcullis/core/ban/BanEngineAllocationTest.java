package io.portcullis.core.ban;

import static io.portcullis.core.ban.EngineFixture.cidrs;
import static io.portcullis.core.ban.EngineFixture.denylist;
import static io.portcullis.core.ban.EngineFixture.ip;
import static io.portcullis.core.ban.JailBuilder.jail;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.portcullis.core.config.JailConfig;
import io.portcullis.core.http.RequestHead;
import io.portcullis.core.http.StatusSet;
import io.portcullis.core.net.CidrSet;
import io.portcullis.core.net.ClientAddress;
import io.portcullis.core.net.ClientKey;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** What every exchange asks makes no garbage, whoever asks it: an attacker pays for his requests, not the collector. */
class BanEngineAllocationTest {

    private static final int CALLS = 20_000;

    private final EngineFixture fixture = new EngineFixture();
    private final BanEngine engine = fixture.engine;
    private final ClientAddress visitor = ClientAddress.direct(ip("192.0.2.2"));
    private final ClientAddress attacker = ClientAddress.direct(ip("192.0.2.1"));
    private final ClientKey visitorKey = engine.keyOf(visitor.client());
    private final ClientKey attackerKey = engine.keyOf(attacker.client());

    @Test
    void anAnswerThatNoJailCountsAllocatesNothing() {
        JailSet jails = JailSet.of(
                "shop",
                List.of(
                        jail("forbidden").build(),
                        jail("secrets")
                                .statuses(StatusSet.ANY)
                                .paths("/.env", "*/.git/*", "*.bak")
                                .build()));
        RequestHead request = Request.get("/products/17");

        assertAllocatesNothing(() -> !jails.mayCount(200, request));
    }

    @Test
    void verdictsAllocateNothing() {
        engine.publish(
                new Allowlist(cidrs("203.0.113.0/24"), CidrSet.EMPTY, CidrSet.EMPTY), denylist("198.51.100.0/24"));
        fixture.ban(attacker.client(), BanScope.AllHosts.ALL_HOSTS, JailConfig.FOREVER, JailConfig.Drop.DROP);
        Set<String> hosts = Set.of("shop", "blog");

        assertAllocatesNothing(() -> engine.verdict(visitor, visitorKey, "shop") == Verdict.Allow.ALLOW);
        assertAllocatesNothing(() -> engine.verdict(attacker, attackerKey, "shop") instanceof Verdict.Refuse);
        assertAllocatesNothing(
                () -> engine.verdictAtAccept(visitor.client(), visitorKey, hosts) == Verdict.Allow.ALLOW);
        assertAllocatesNothing(
                () -> engine.verdictAtAccept(attacker.client(), attackerKey, hosts) instanceof Verdict.Refuse);
    }

    /** Several bans on one client, on a prefix around it, and on trial, which all have to be compared. */
    @Test
    void verdictsOnClientsWithManyBansAllocateNothing() {
        BanList list = new BanList(1_000, 3);
        ClientKey client = engine.keyOf(ip("2001:db8::1"));
        ClientKey wider = ClientKey.of(ip("2001:db8::1"), 48);
        for (ClientKey key : List.of(client, wider)) {
            for (String host : List.of("shop", "blog", "wiki")) {
                for (Sentence.Mode mode : List.of(Sentence.Mode.ENFORCED, Sentence.Mode.DRY_RUN)) {
                    Sentence sentence =
                            new Sentence(new BanScope.OneHost(host), "forbidden", JailConfig.Drop.DROP, mode);
                    list.put(new Ban(key, sentence, 0, Ban.FOREVER, Ban.Grounds.UNTOLD), 1);
                }
            }
        }
        Set<String> hosts = Set.of("shop", "blog", "wiki");
        BanScope scope = new BanScope.OneHost("shop");

        assertAllocatesNothing(() -> list.refusal(client, "blog", fixture.clock) != null);
        assertAllocatesNothing(() -> list.refusalOfEvery(client, hosts, fixture.clock) != null);
        assertAllocatesNothing(() -> list.covers(client, scope, false, 1));
        assertAllocatesNothing(() -> list.endOfRefusal(client, "shop", 1) == Ban.FOREVER);
    }

    static void assertAllocatesNothing(BooleanSupplier call) {
        ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        // The first rounds load and link what they use, and run before it is compiled; the least of some is what the
        // calls
        // themselves need.
        for (int round = 0; round < 100 && least >= CALLS; round++) {
            long before = memory.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < CALLS; i++) {
                if (!call.getAsBoolean()) {
                    throw new AssertionError("not the expected answer");
                }
            }
            least = Math.min(least, memory.getCurrentThreadAllocatedBytes() - before);
        }
        assertThat(least).as("bytes for %d calls", CALLS).isLessThan(CALLS);
    }
}
