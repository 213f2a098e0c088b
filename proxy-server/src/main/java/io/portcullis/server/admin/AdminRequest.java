package io.portcullis.server.admin;

import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A request that was let in.
 *
 * @param path decoded
 * @param query decoded, in the order of the request
 * @param body empty where there is none
 */
public record AdminRequest(String method, String path, Map<String, List<String>> query, String body) {

    /** @throws Refusal if the target is not a path with perhaps a query */
    static AdminRequest of(String method, String target, String body) throws Refusal {
        try {
            if (target.startsWith("/")) {
                QueryStringDecoder decoder = new QueryStringDecoder(target);
                String path = decoder.path();
                if (path.chars().noneMatch(Character::isISOControl)) {
                    return new AdminRequest(method, path, decoder.parameters(), body);
                }
            }
        } catch (IllegalArgumentException e) {
            // A percent sign without its two digits: told below.
        }
        throw Refusal.badRequest("the target " + target + " cannot be read", "a path such as /v1/bans");
    }

    /** What follows a resource's own path; empty where nothing does. */
    String below(String resource) {
        return path.length() <= resource.length() + 1 ? "" : path.substring(resource.length() + 1);
    }

    /**
     * For a resource that is one document at one path.
     *
     * @param names that the query may have
     * @throws Refusal if it is for what lies below the path, by another method or with another query
     */
    void expect(String expectedMethod, String expectedPath, Set<String> names) throws Refusal {
        if (!path.equals(expectedPath)) {
            throw new Refusal(404, "nothing is at " + path, expectedPath);
        }
        if (!method.equals(expectedMethod)) {
            throw AdminApi.noSuchMethod(this, expectedMethod);
        }
        knowsOnly(names);
    }

    /** @throws Refusal if the query has a name that the resource does not know */
    void knowsOnly(Set<String> names) throws Refusal {
        for (String name : query.keySet()) {
            if (!names.contains(name)) {
                throw Refusal.badRequest(
                        "the query has " + name,
                        names.isEmpty() ? "no query" : String.join(", ", new TreeSet<>(names)));
            }
        }
    }

    /** @throws Refusal if it is there more than once */
    Optional<String> query(String name) throws Refusal {
        List<String> values = query.getOrDefault(name, List.of());
        if (values.size() > 1) {
            throw Refusal.badRequest("the query has " + name + " " + values.size() + " times", "at most one");
        }
        return values.stream().findFirst();
    }
}
