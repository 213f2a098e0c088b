package io.portcullis.benchmarks.report;

/**
 * A configuration file that a peer ran with, for everybody to object to.
 *
 * @param name of the file, such as {@code nginx.conf}
 */
public record PeerConfiguration(String peer, String name, String text) {}
