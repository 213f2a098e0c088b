package io.portcullis.core.ban;

import io.portcullis.core.config.BansConfig;
import io.portcullis.core.net.Cidr;
import io.portcullis.core.net.CidrSet;
import io.portcullis.core.net.ClientAddress;
import io.portcullis.core.net.IpAddress;
import java.util.Objects;
import java.util.Set;
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
        engine = new BanEngine(new BansConfig(64, trackedClients), allowlist, clock, told);
    }

    /** The application answers 403 to a client that connected by itself. */
    @Nullable
    Ban forbid(String client, JailSet jails) {
        return answer(client, jails, "/", 403);
    }

    @Nullable
    Ban answer(String client, JailSet jails, String path, int status) {
        return engine.observe(
                new Observation.Answer(ClientAddress.direct(ip(client)), jails, Request.get(path), status));
    }

    @Nullable
    Ban forbid(String client, JailSet jails, int times) {
        Ban ban = null;
        for (int i = 0; i < times; i++) {
            ban = forbid(client, jails);
        }
        return ban;
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
