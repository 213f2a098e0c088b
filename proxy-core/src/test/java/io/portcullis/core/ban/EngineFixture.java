package io.portcullis.core.ban;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.core.config.BansConfig;
import io.portcullis.core.config.JailConfig.Action;
import io.portcullis.core.net.Cidr;
import io.portcullis.core.net.CidrSet;
import io.portcullis.core.net.ClientAddress;
import io.portcullis.core.net.Denylist;
import io.portcullis.core.net.IpAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An engine with its clock and listener, and short ways to ask it. */
final class EngineFixture {

    static final long START = 1_800_000_000_000L;

    final ManualClock clock = new ManualClock(START);
    final RecordingListener told = new RecordingListener();
    final BanEngine engine;

    EngineFixture() {
        this(10_000, Allowlist.NOBODY);
    }

    EngineFixture(int trackedClients, Allowlist allowlist) {
        engine = engine(trackedClients, allowlist, clock, told);
    }

    EngineFixture(BansConfig config) {
        engine = engine(config, Allowlist.NOBODY, clock, told);
    }

    static BanEngine engine(int trackedClients, Allowlist allowlist, InstantSource clock, BanListener listener) {
        return engine(BansSettings.bans().trackedClients(trackedClients).build(), allowlist, clock, listener);
    }

    static BanEngine engine(BansConfig config, Allowlist allowlist, InstantSource clock, BanListener listener) {
        return new BanEngine(config, allowlist, new BanEngine.Sources(clock, new SplittableRandom(1)), listener);
    }

    /** The application answers 403 to a client that connected by itself. */
    @Nullable
    Ban forbid(String client, JailSet jails) {
        return answer(client, jails, "/", 403);
    }

    @Nullable
    Ban answer(String client, JailSet jails, String path, int status) {
        return engine.observe(new Observation.Answer(
                ClientAddress.direct(ip(client)), jails, Request.get(path), status, AnswerWeight.UNSAID));
    }

    @Nullable
    Ban forbid(String client, JailSet jails, int times) {
        Ban ban = null;
        for (int i = 0; i < times; i++) {
            ban = forbid(client, jails);
        }
        return ban;
    }

    @Nullable
    Ban ban(IpAddress address, BanScope scope, Duration banTime, Action action) {
        return engine.ban(new BanOrder(new Cidr(address, 128), scope, banTime, action, "", false));
    }

    /** As the engine gives it back later: why is the store's to know. */
    static Ban untold(@Nullable Ban ban) {
        Objects.requireNonNull(ban);
        return new Ban(ban.client(), ban.sentence(), ban.since(), ban.until(), Ban.Grounds.UNTOLD);
    }

    static Consumer<Verdict> refusedBy(Action action, String jail) {
        return verdict -> assertThat(verdict).isInstanceOfSatisfying(Verdict.Refuse.class, refusal -> {
            assertThat(refusal.sentence().action()).isEqualTo(action);
            assertThat(refusal.sentence().jail()).isEqualTo(jail);
        });
    }

    static Denylist denylist(String... blocks) {
        Denylist.Builder denied = Denylist.builder();
        Stream.of(blocks).map(Cidr::parse).map(Objects::requireNonNull).forEach(denied::add);
        return denied.build();
    }

    Verdict verdict(String client, String virtualHost) {
        IpAddress address = ip(client);
        return engine.verdict(ClientAddress.direct(address), engine.keyOf(address), virtualHost);
    }

    Verdict verdictAtAccept(String peer, String... virtualHosts) {
        IpAddress address = ip(peer);
        return engine.verdictAtAccept(address, engine.keyOf(address), Set.of(virtualHosts));
    }

    static IpAddress ip(String text) {
        return Objects.requireNonNull(IpAddress.parse(text));
    }

    static CidrSet cidrs(String... blocks) {
        return CidrSet.of(Stream.of(blocks)
                .map(block -> Objects.requireNonNull(Cidr.parse(block)))
                .toList());
    }
}
