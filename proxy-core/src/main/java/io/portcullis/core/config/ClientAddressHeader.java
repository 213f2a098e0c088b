package io.portcullis.core.config;

/** The header in which a trusted proxy tells who its client is. */
public enum ClientAddressHeader {
    X_FORWARDED_FOR("X-Forwarded-For"),
    FORWARDED("Forwarded"),
    X_REAL_IP("X-Real-IP"),
    CF_CONNECTING_IP("CF-Connecting-IP");

    public final String fieldName;

    ClientAddressHeader(String fieldName) {
        this.fieldName = fieldName;
    }
}
