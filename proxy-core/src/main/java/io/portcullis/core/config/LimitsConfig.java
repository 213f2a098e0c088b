package io.portcullis.core.config;

/**
 * The size and number of what a client may send.
 *
 * @param maxHeadSize bytes of request line and header section together, 1 KiB to 1 MiB; over it 431, or 414 where the
 *     request line alone is over it
 * @param maxHeaders header lines, 1 to 1,000; over it 431
 * @param maxBodySize bytes of a request's body; over it 413. 0: not limited, as nginx's {@code client_max_body_size}
 * @param maxConnections clients' connections open at once on all listeners; when it gets close,
 *     idle ones are closed for new ones, and more are closed at accept
 * @param maxConnectionsPerClient of one client; over it one of its idle ones is closed, else the new one. 0: as many as
 *     there may be of all
 */
public record LimitsConfig(
        int maxHeadSize, int maxHeaders, long maxBodySize, int maxConnections, int maxConnectionsPerClient) {}
