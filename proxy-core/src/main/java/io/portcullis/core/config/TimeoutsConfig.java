package io.portcullis.core.config;

import java.time.Duration;

/**
 * How long Portcullis waits; each at least 1 ms.
 *
 * @param head from a request's first byte (on a new connection: from accept) to the end of its head; then 408
 * @param idle a kept-alive connection between two exchanges, a request body between two reads, and an answer that the
 *     client does not take
 * @param connect to an endpoint; then 504
 * @param response an endpoint's answer, to its head (then 504) and between two reads of its body (then cut)
 * @param tunnel an upgraded connection without a byte in either direction
 * @param drain how long a shutdown waits for the exchanges under way
 */
public record TimeoutsConfig(
        Duration head, Duration idle, Duration connect, Duration response, Duration tunnel, Duration drain) {}
