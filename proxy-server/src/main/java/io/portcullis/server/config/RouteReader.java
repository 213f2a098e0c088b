package io.portcullis.server.config;

import io.portcullis.core.config.Defaults;
import io.portcullis.core.config.RouteConfig;
import io.portcullis.core.config.RouteConfig.FixedAnswer;
import io.portcullis.core.config.RouteConfig.Redirect;
import io.portcullis.core.config.RouteConfig.Target;
import io.portcullis.core.config.RouteConfig.ToUpstream;
import io.portcullis.core.config.UpstreamConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code upstream} and {@code routes} of one virtual host. */
final class RouteReader {

    private static final String ROOT = "/";
    private static final String ROUTES = "a list such as [{ path = \"/api/\", upstream = \"http://127.0.0.1:8081\" }]";
    private static final String TARGETS = "exactly one of upstream, redirect or status";
    private static final List<Integer> REDIRECTS = List.of(301, 302, 303, 307, 308);

    private static final Pattern CONTROL = Pattern.compile("[\\x00-\\x1f\\x7f]");
    private static final Pattern NOT_NORMAL = Pattern.compile("//|/\\.\\.?(/|$)|[?#\\\\]|%[0-9A-Fa-f]{2}");
    private static final Pattern LOCATION = Pattern.compile("(/|https?://)[\\x21-\\x7e]*");

    private final String virtualHost;
    private final List<RouteConfig> routes = new ArrayList<>();
    private final Map<String, Place> seen = new TreeMap<>();

    private RouteReader(String virtualHost) {
        this.virtualHost = virtualHost;
    }

    /** The routes of a virtual host, without those that have problems. */
    static List<RouteConfig> read(String virtualHost, Section section) {
        RouteReader reader = new RouteReader(virtualHost);
        Setting upstream = section.get("upstream");
        if (upstream != null) {
            UpstreamConfig config = new UpstreamReader(virtualHost).read(upstream);
            reader.seen.put(ROOT, upstream.place());
            if (config != null) {
                reader.routes.add(new RouteConfig(ROOT, new ToUpstream(config, false)));
            }
        }
        Setting routes = section.get("routes");
        List<Setting> elements = routes == null ? null : routes.list(ROUTES);
        if (elements != null) {
            elements.forEach(element -> element.block(reader::readRoute));
        }
        boolean none = !section.has("upstream") && (elements == null ? !section.has("routes") : elements.isEmpty());
        if (none) {
            section.problem("neither upstream nor routes (expected at least one of them)");
        }
        return reader.routes;
    }

    /** Returns itself, since a block is always made into something. */
    private RouteReader readRoute(Section section) {
        Setting pathSetting = section.required("path", "a path that begins with /");
        String path = pathSetting == null ? null : path(pathSetting);
        if (pathSetting != null && path != null) {
            Place other = seen.putIfAbsent(path, pathSetting.place());
            if (other != null) {
                pathSetting.problem(pathSetting.shown() + " has a route already, on line " + other.line() + " ("
                        + other.path() + ")");
            }
        }
        Target target = target(section, path == null ? "" : path);
        if (path != null && target != null) {
            routes.add(new RouteConfig(path, target));
        }
        return this;
    }

    private @Nullable Target target(Section section, String path) {
        Setting upstream = section.get("upstream");
        Setting stripPrefix = section.get("strip-prefix");
        Setting redirect = section.get("redirect");
        Setting status = section.get("status");
        Setting body = section.get("body");
        boolean toUpstream = section.has("upstream");
        boolean toRedirect = section.has("redirect");
        boolean fixed = section.has("status") && !toRedirect;
        int answers = (toUpstream ? 1 : 0) + (toRedirect ? 1 : 0) + (fixed ? 1 : 0);
        if (answers != 1) {
            section.problem((answers == 0 ? "no answer" : "several answers") + " (expected " + TARGETS + ")");
        }
        if (stripPrefix != null && !toUpstream) {
            stripPrefix.problem("has no meaning without upstream");
        }
        if (body != null && !fixed) {
            body.problem("has no meaning without a status to answer with");
        }
        Boolean strip = stripPrefix == null ? null : stripPrefix.flag();
        if (toUpstream) {
            String name = path.equals(ROOT) ? virtualHost : virtualHost + path;
            UpstreamConfig config = upstream == null ? null : new UpstreamReader(name).read(upstream);
            return config == null ? null : new ToUpstream(config, strip != null && strip);
        }
        if (toRedirect) {
            return redirect == null ? null : redirect(redirect, status);
        }
        return status == null ? null : fixedAnswer(status, body);
    }

    private static Redirect redirect(Setting setting, @Nullable Setting status) {
        String expected = "a path that begins with / or an http or https URL";
        String location = setting.text(expected);
        if (location != null && !LOCATION.matcher(location).matches()) {
            setting.problem(setting.shown() + " is no place to be sent to (expected " + expected + ")");
        }
        Integer code = status == null ? null : status.oneOf(REDIRECTS);
        return new Redirect(location == null ? ROOT : location, code == null ? Defaults.REDIRECT_STATUS : code);
    }

    private static @Nullable FixedAnswer fixedAnswer(Setting statusSetting, @Nullable Setting body) {
        Integer status = statusSetting.number(200, 599);
        String text = body == null ? "" : body.text("a short plain text");
        if (status == null || text == null) {
            return null;
        }
        // RFC 9110 sections 15.3.5, 15.3.6 and 15.4.5.
        boolean bodiless = status == 204 || status == 205 || status == 304;
        if (body != null && bodiless && !text.isEmpty()) {
            body.problem("an answer with status " + status + " has no body");
        }
        return new FixedAnswer(status, text);
    }

    private static @Nullable String path(Setting setting) {
        String path = setting.text("a path that begins with /");
        if (path == null) {
            return null;
        }
        if (!path.startsWith(ROOT)
                || CONTROL.matcher(path).find()
                || NOT_NORMAL.matcher(path).find()) {
            setting.problem(setting.shown() + " is no path to compare with (expected one that begins with /, decoded,"
                    + " without query, '//', '.' and '..')");
            return null;
        }
        return path;
    }
}
