package io.portcullis.server.admin;

import io.portcullis.core.ban.Evidence;
import io.portcullis.core.net.Cidr;
import java.util.Set;

/** {@code /v1/clients/ADDRESS}: what is held against a client, and why. */
final class ClientsResource implements Resource {

    static final String PATH = "/v1/clients";

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
        Evidence evidence = ToldEvidence.of(who.network(), subject.bans(), subject.store());
        return AdminAnswer.json(200, json -> EvidenceJson.write(evidence, json));
    }
}
