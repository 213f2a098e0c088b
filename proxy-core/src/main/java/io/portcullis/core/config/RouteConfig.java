package io.portcullis.core.config;

/**
 * A path match inside a virtual host.
 *
 * @param path a prefix that begins with {@code /}, compared with the decoded, normalised path. One that ends in
 *     {@code /} covers all below it; one that does not covers itself and all below it ({@code /old} covers
 *     {@code /old} and {@code /old/x}, not {@code /older})
 */
public record RouteConfig(String path, Target target) {

    /** Where a route leads. */
    public sealed interface Target permits ToUpstream, Redirect, FixedAnswer {}

    /**
     * An application answers.
     *
     * @param stripPrefix the application sees the path without the route's prefix, beginning with {@code /}
     */
    public record ToUpstream(UpstreamConfig upstream, boolean stripPrefix) implements Target {}

    /**
     * The client is sent elsewhere.
     *
     * @param location sent as it stands
     * @param status 301, 302, 303, 307 or 308
     */
    public record Redirect(String location, int status) implements Target {}

    /**
     * The proxy answers by itself.
     *
     * @param status 200 to 599
     * @param body plain text, may be empty
     */
    public record FixedAnswer(int status, String body) implements Target {}
}
