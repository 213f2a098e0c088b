package io.portcullis.core.route;

import io.portcullis.core.config.RouteConfig;
import io.portcullis.core.http.PathNormalizer;

/**
 * A path match inside a virtual host.
 *
 * @param path the prefix, as {@link RouteConfig#path()}
 * @param target where it leads
 */
public record Route(String path, RouteConfig.Target target) {

    static Route of(RouteConfig config) {
        return new Route(config.path(), config.target());
    }

    /**
     * The target that the application gets: as the client wrote it, or what follows the prefix where that is stripped.
     *
     * <p>What follows is cut out of the client's text where it means the same by itself; otherwise ({@code /%61pi/x},
     * {@code /api/../api/x}) the normalised path is written anew, so that an application never sees a path that this
     * route does not lead to.
     *
     * @param requestTarget in origin-form, or {@code *}
     * @param requestPath its normalised path, which this route covers
     */
    public String upstreamTarget(String requestTarget, String requestPath) {
        boolean strips = target instanceof RouteConfig.ToUpstream upstream && upstream.stripPrefix();
        if (!strips || !requestPath.startsWith("/")) {
            return requestTarget;
        }
        int prefix = path.endsWith("/") ? path.length() - 1 : path.length();
        String wanted = prefix == requestPath.length() ? "/" : requestPath.substring(prefix);
        if (requestTarget.startsWith(path)) {
            String rest = requestTarget.substring(prefix);
            String asWritten = rest.isEmpty() || rest.startsWith("?") ? "/" + rest : rest;
            // Two slashes at the front would read as an authority (RFC 3986 section 4.2).
            boolean isPlain = asWritten.startsWith("/") && !asWritten.startsWith("//");
            if (isPlain && wanted.equals(PathNormalizer.normalize(asWritten))) {
                return asWritten;
            }
        }
        return PathNormalizer.encode(wanted) + requestTarget.substring(queryStart(requestTarget));
    }

    private static int queryStart(String target) {
        int mark = target.indexOf('?');
        return mark < 0 ? target.length() : mark;
    }

    /** @param requestPath decoded and normalised */
    boolean covers(String requestPath) {
        if (!requestPath.startsWith(path)) {
            return false;
        }
        return requestPath.length() == path.length() || path.endsWith("/") || requestPath.charAt(path.length()) == '/';
    }
}
