package io.portcullis.server.admin;

import io.portcullis.core.ban.Ban;
import io.portcullis.core.ban.BanEngine;
import io.portcullis.core.ban.BanOrder;
import io.portcullis.core.ban.BanScope;
import io.portcullis.core.ban.BanScope.AllHosts;
import io.portcullis.core.ban.BanScope.OneHost;
import io.portcullis.core.ban.Evidence;
import io.portcullis.core.net.Cidr;
import io.portcullis.core.net.IpAddress;
import io.portcullis.server.config.Suggestions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code /v1/bans}: who is banned, and banning and unbanning by hand. */
final class BansResource implements Resource {

    static final String PATH = "/v1/bans";

    static final int DEFAULT_LIMIT = 1_000;
    /** A page is held in memory; this many take a few megabytes. */
    static final int MOST = 10_000;

    private static final String ADDRESS = "an IPv4 or IPv6 address, or a block such as 192.0.2.0/24";

    private final BanEngine engine;
    private final AdminApi.Subject subject;

    BansResource(AdminApi.Subject subject) {
        this.engine = subject.bans();
        this.subject = subject;
    }

    @Override
    public String path() {
        return PATH;
    }

    @Override
    public AdminAnswer answer(AdminRequest request) throws Refusal {
        boolean isOfAll = request.below(PATH).isEmpty();
        return switch (request.method()) {
            case "GET" -> {
                if (isOfAll) {
                    yield list(request);
                }
                throw AdminApi.noSuchMethod(request, "DELETE, or GET " + ClientsResource.PATH + "/ADDRESS");
            }
            case "POST" -> {
                if (isOfAll) {
                    yield ban(request);
                }
                throw AdminApi.noSuchMethod(request, "DELETE, or POST " + PATH);
            }
            case "DELETE" -> isOfAll ? unbanAll(request) : unban(request);
            default -> throw AdminApi.noSuchMethod(request, "GET, POST or DELETE");
        };
    }

    private AdminAnswer list(AdminRequest request) throws Refusal {
        request.knowsOnly(Set.of("host", "limit", "after"));
        Optional<String> host = request.query("host");
        BanPage page = new BanPage(limit(request), after(request));
        engine.forEachBan(ban -> {
            if (host.isEmpty() || isOnlyOf(ban, host.get())) {
                page.offer(ban);
            }
        });
        List<Ban> bans = page.bans();
        if (host.isPresent() && bans.isEmpty()) {
            mustBeKnown(host.get());
        }
        BanPage.Cursor next = page.next();
        return AdminAnswer.json(200, json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("bans");
            for (Ban ban : bans) {
                json.writeStartObject();
                BanJson.writeMembers(ban, json);
                json.writeEndObject();
            }
            json.writeEndArray();
            if (next == null) {
                json.writeNullField("next");
            } else {
                json.writeStringField("next", next.toString());
            }
            json.writeEndObject();
        });
    }

    private AdminAnswer ban(AdminRequest request) throws Refusal {
        request.knowsOnly(Set.of());
        BanOrder order = OrderJson.read(request.body());
        if (order.scope() instanceof OneHost host) {
            mustBeKnown(host.virtualHost());
        }
        long asked = subject.clock().millis();
        Ban ban = engine.ban(order);
        if (ban == null) {
            throw exempt(order);
        }
        Ban.Grounds told = ToldEvidence.groundsOf(ban, subject.store());
        boolean isNew = ban.jail().equals(BanEngine.BY_HAND) && ban.since() >= asked;
        return AdminAnswer.json(200, json -> {
            json.writeStartObject();
            json.writeBooleanField("made", isNew);
            BanJson.writeMembers(ban, json);
            json.writeStringField("reason", isNew ? order.reason() : told.reason());
            json.writeEndObject();
        });
    }

    private Refusal exempt(BanOrder order) {
        Evidence evidence = engine.why(order.who().network());
        String why =
                evidence.exemption().map(exemption -> " (" + exemption + ")").orElse("");
        return new Refusal(
                409, order.who() + " is exempt from bans" + why, "an address that is not exempt, or force (--force)");
    }

    private AdminAnswer unban(AdminRequest request) throws Refusal {
        request.knowsOnly(Set.of("host"));
        IpAddress address = address(request.below(PATH)).network();
        Optional<String> host = request.query("host");
        List<Ban> lifted = host.isPresent() ? engine.unban(address, new OneHost(host.get())) : engine.unban(address);
        if (lifted.isEmpty()) {
            if (host.isPresent()) {
                mustBeKnown(host.get());
            }
            throw notBanned(address, host);
        }
        return AdminAnswer.json(200, json -> {
            json.writeStartObject();
            json.writeNumberField("unbanned", lifted.size());
            json.writeArrayFieldStart("bans");
            for (Ban ban : lifted) {
                json.writeStartObject();
                BanJson.writeMembers(ban, json);
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    /** Who is banned, but from elsewhere, is told so: an unban that changes nothing is easily taken for a fault. */
    private Refusal notBanned(IpAddress address, Optional<String> host) {
        List<Ban> others = engine.why(address).bans();
        String banned = others.isEmpty()
                ? "a client that is banned"
                : "its bans are on "
                        + String.join(
                                ", ",
                                others.stream()
                                        .map(ban -> ban.scope() + " (" + ban.client() + ")")
                                        .toList());
        String where = host.map(name -> " from host " + name).orElse("");
        return new Refusal(404, address + " is not banned" + where, banned);
    }

    private AdminAnswer unbanAll(AdminRequest request) throws Refusal {
        request.knowsOnly(Set.of("all", "host"));
        if (!request.query("all").equals(Optional.of("true"))) {
            throw Refusal.badRequest("whom to unban is not said", PATH + "/ADDRESS, or ?all=true");
        }
        Optional<String> host = request.query("host");
        int unbanned = engine.unbanAll(host.map(BanJson::scope).orElse(null)).size();
        if (host.isPresent() && unbanned == 0) {
            mustBeKnown(host.get());
        }
        return AdminAnswer.json(200, json -> {
            json.writeStartObject();
            json.writeNumberField("unbanned", unbanned);
            json.writeEndObject();
        });
    }

    /** A ban on all hosts is none of this host's: it is not listed there, and not taken back there. */
    private static boolean isOnlyOf(Ban ban, String host) {
        BanScope scope = ban.scope();
        return scope != AllHosts.ALL_HOSTS && scope.covers(host);
    }

    /** Asked last, since bans may outlive the virtual host that made them. */
    private void mustBeKnown(String host) throws Refusal {
        Set<String> known = subject.virtualHosts().get();
        if (!known.contains(host)) {
            String nearest = Suggestions.nearest(host, known);
            throw new Refusal(
                    404,
                    "no virtual host has the name \"" + host + "\"",
                    nearest.isEmpty() ? "the name of a file in virtual-hosts-dir, without .conf" : nearest);
        }
    }

    /** @throws Refusal if the text is no address and no block */
    static Cidr address(String text) throws Refusal {
        Cidr address = Cidr.parse(text);
        if (address == null) {
            throw Refusal.badRequest("the address " + text + " is none", ADDRESS);
        }
        if (Cidr.hasHostBits(text)) {
            throw Refusal.badRequest(
                    text + " has bits after its prefix", address + " or " + text.substring(0, text.indexOf('/')));
        }
        return address;
    }

    private static int limit(AdminRequest request) throws Refusal {
        Optional<String> text = request.query("limit");
        if (text.isEmpty()) {
            return DEFAULT_LIMIT;
        }
        int limit = text.get().matches("[0-9]{1,9}") ? Integer.parseInt(text.get()) : 0;
        if (limit < 1 || limit > MOST) {
            throw Refusal.badRequest("the limit " + text.get() + " is out of range", "1 to " + MOST);
        }
        return limit;
    }

    private static BanPage.@Nullable Cursor after(AdminRequest request) throws Refusal {
        Optional<String> text = request.query("after");
        if (text.isEmpty()) {
            return null;
        }
        BanPage.Cursor cursor = BanPage.Cursor.parse(text.get());
        if (cursor == null) {
            throw Refusal.badRequest("after " + text.get() + " is no place in the list", "\"next\" of the page before");
        }
        return cursor;
    }
}
