package io.portcullis.core.config;

/**
 * What holds for all jails.
 *
 * @param ipv6Prefix the prefix length by which IPv6 clients are counted and banned, 16 to 128
 * @param trackedClients clients with counters held at once, at least 1; beyond it the least recently seen are forgotten
 */
public record BansConfig(int ipv6Prefix, int trackedClients) {}
