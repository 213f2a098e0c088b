package io.portcullis.server.admin;

import io.portcullis.core.ban.BanEngine;
import io.portcullis.core.ban.BanStore;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** What can be asked and told, path by path; docs/admin-api.md has it for people. Thread-safe. */
public final class AdminApi {

    private final List<Resource> resources;

    /**
     * What the API speaks of.
     *
     * @param store tells why a ban was made
     * @param virtualHosts the names of those served now
     * @param clock the engine's
     */
    public record Subject(BanEngine bans, BanStore store, Supplier<Set<String>> virtualHosts, InstantSource clock) {}

    /** @param resources each under a path of its own */
    public AdminApi(List<Resource> resources) {
        this.resources = List.copyOf(resources);
    }

    /** The resources of who is banned, and why. */
    public static List<Resource> bans(Subject subject) {
        return List.of(new BansResource(subject), new ClientsResource(subject));
    }

    /** Whether that is answered to who does not know the token. */
    boolean isPublic(String method, String target) {
        return method.equals("GET")
                && resources.stream().anyMatch(resource -> resource.path().equals(target) && resource.isPublic());
    }

    /** Blocks while it looks at the bans. */
    AdminAnswer answer(AdminRequest request) throws Refusal {
        for (Resource resource : resources) {
            String path = resource.path();
            if (request.path().equals(path) || request.path().startsWith(path + "/")) {
                return resource.answer(request);
            }
        }
        throw new Refusal(
                404,
                "nothing is at " + request.path(),
                resources.stream().map(Resource::path).collect(Collectors.joining(", ")));
    }

    /** For a method that a resource does not have. */
    static Refusal noSuchMethod(AdminRequest request, String known) {
        return new Refusal(405, request.method() + " is not known for " + request.path(), known);
    }
}
