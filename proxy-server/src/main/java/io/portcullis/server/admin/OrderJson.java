package io.portcullis.server.admin;

import io.portcullis.core.ban.BanOrder;
import io.portcullis.core.config.Defaults;
import io.portcullis.core.config.JailConfig.Action;
import io.portcullis.core.config.JailConfig.Drop;
import io.portcullis.core.config.JailConfig.Reject;
import io.portcullis.core.config.JailConfig.Tarpit;
import io.portcullis.core.net.Cidr;
import io.portcullis.server.config.BanTimeText;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads what a person orders: whom to ban, from where, for how long and why. */
final class OrderJson {

    /** One line in a log and on a screen. */
    /** An IPv4 /8 and an IPv6 /20, in the 128-bit form: what the largest providers have. */
    private static final int WIDEST_IPV4 = 104;

    private static final int WIDEST_IPV6 = 20;

    static final int LONGEST_REASON = 200;

    private static final Set<String> NAMES =
            new TreeSet<>(Set.of("address", "host", "for", "reason", "action", "force"));

    private final Map<String, Object> members;

    private OrderJson(Map<String, Object> members) {
        this.members = members;
    }

    static BanOrder read(String body) throws Refusal {
        Map<String, Object> members;
        try {
            members = AdminJson.flat(body);
        } catch (IOException e) {
            String message = String.valueOf(e.getMessage());
            throw Refusal.badRequest(
                    "the body is not understood: " + message.lines().findFirst().orElse(""),
                    "such as {\"address\": \"192.0.2.1\"}");
        }
        for (String name : members.keySet()) {
            if (!NAMES.contains(name)) {
                throw Refusal.badRequest(name + " is not known", String.join(", ", NAMES));
            }
        }
        return new OrderJson(members).order();
    }

    private BanOrder order() throws Refusal {
        String address = text("address");
        Cidr who = BansResource.address(address == null ? "" : address);
        boolean forced = members.get("force") instanceof Boolean force ? force : force(members.get("force"));
        int widest = who.network().isIpv4() ? WIDEST_IPV4 : WIDEST_IPV6;
        if (who.prefixLength() < widest && !forced) {
            throw Refusal.badRequest(
                    "the block " + who + " is a large part of the Internet", "a smaller one, or force");
        }
        return new BanOrder(who, BanJson.scope(text("host")), banTime(), action(), reason(), forced);
    }

    private static boolean force(@Nullable Object other) throws Refusal {
        if (other != null) {
            throw Refusal.badRequest("force " + other + " is neither true nor false", "true or false");
        }
        return false;
    }

    private Duration banTime() throws Refusal {
        String text = text("for");
        Duration duration = text == null ? Defaults.BAN_TIME : BanTimeText.parse(text);
        if (duration == null) {
            throw Refusal.badRequest("for " + text + " is no length of a ban", BanTimeText.EXPECTED);
        }
        return duration;
    }

    private Action action() throws Refusal {
        String text = text("action");
        return switch (text == null ? "drop" : text) {
            case "drop" -> Drop.DROP;
            case "reject" -> new Reject(Defaults.REJECT_STATUS);
            case "tarpit" -> Tarpit.TARPIT;
            default -> throw Refusal.badRequest("action " + text + " is not known", "drop, reject or tarpit");
        };
    }

    private String reason() throws Refusal {
        String text = text("reason");
        String reason = text == null ? "" : text;
        boolean isPrintable = reason.codePoints()
                .noneMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE);
        if (reason.length() > LONGEST_REASON || !isPrintable) {
            throw Refusal.badRequest(
                    "the reason is too long, or has control characters",
                    "one line of at most " + LONGEST_REASON + " characters");
        }
        return reason;
    }

    private @Nullable String text(String name) throws Refusal {
        Object value = members.get(name);
        if (value == null || value instanceof String) {
            return (String) value;
        }
        throw Refusal.badRequest(name + " " + value + " is no text", "a text");
    }
}
