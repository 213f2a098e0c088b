package io.portcullis.server.admin;

import io.portcullis.core.ban.Ban;
import io.portcullis.core.ban.Ban.Grounds;
import io.portcullis.core.ban.BanStore;
import io.portcullis.core.ban.Evidence;
import io.portcullis.core.net.Cidr;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** {@code /v1/clients/ADDRESS}: what is held against a client, and why. */
final class ClientsResource implements Resource {

    static final String PATH = "/v1/clients";

    /** The store may be busy with a disk; what it does not tell by then is left out. */
    private static final long GROUNDS_MILLIS = 2_000;

    private final AdminApi.Subject subject;

    ClientsResource(AdminApi.Subject subject) {
        this.subject = subject;
    }

    @Override
    public String path() {
        return PATH;
    }

    @Override
    public AdminAnswer answer(AdminRequest request) throws Refusal {
        if (!request.method().equals("GET")) {
            throw AdminApi.noSuchMethod(request, "GET");
        }
        request.knowsOnly(Set.of());
        Cidr who = BansResource.address(request.below(PATH));
        Evidence known = subject.bans().why(who.network());
        List<Ban> bans = known.bans().stream().map(this::withGrounds).toList();
        Evidence evidence = new Evidence(
                known.client(),
                known.exemption(),
                known.denylisted(),
                known.counters(),
                known.lastOffences(),
                bans,
                known.pastBans());
        return AdminAnswer.json(200, json -> EvidenceJson.write(evidence, json));
    }

    private Ban withGrounds(Ban ban) {
        return ban.grounds().equals(Grounds.UNTOLD)
                ? new Ban(ban.client(), ban.sentence(), ban.since(), ban.until(), groundsOf(subject.store(), ban))
                : ban;
    }

    /** Why the ban was made; untold where the store does not know or does not answer. Blocks. */
    private static Grounds groundsOf(BanStore store, Ban ban) {
        try {
            return store.grounds(ban.client(), ban.scope(), ban.since())
                    .toCompletableFuture()
                    .get(GROUNDS_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Grounds.UNTOLD;
        } catch (ExecutionException | TimeoutException e) {
            return Grounds.UNTOLD;
        }
    }
}
