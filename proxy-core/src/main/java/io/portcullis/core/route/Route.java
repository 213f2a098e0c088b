package io.portcullis.core.route;

import io.portcullis.core.config.RouteConfig;

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

    /** @param requestPath decoded and normalised */
    boolean covers(String requestPath) {
        if (!requestPath.startsWith(path)) {
            return false;
        }
        return requestPath.length() == path.length() || path.endsWith("/") || requestPath.charAt(path.length()) == '/';
    }
}
