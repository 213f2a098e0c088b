package io.portcullis.server.e2e.kit;

/**
 * One header or trailer line as it stood on the wire.
 *
 * @param value without the white space around it
 */
public record RawField(String name, String value) {}
