package io.portcullis.core.config;

import io.portcullis.core.net.IpAddress;

/**
 * An address and port that accepts connections.
 *
 * @param name the key under {@code listeners}
 * @param address the local address; the unspecified one ({@code 0.0.0.0}, {@code ::}) means all
 * @param port 0 to 65535; 0 lets the system choose
 */
public record ListenerConfig(String name, IpAddress address, int port) {}
