package io.portcullis.server.tls;

import java.io.IOException;

/** Why the files of a certificate can't be served: what is wrong in one of the two, and what was expected. */
public final class CertificateFault extends IOException {
    private static final long serialVersionUID = 1L;

    private final Part part;

    /** One of the two files. */
    public enum Part {
        /** The certificate and its chain. */
        CERTIFICATE,
        /** The private key. */
        KEY
    }

    CertificateFault(Part part, String message) {
        super(message);
        this.part = part;
    }

    /** The file that the fault is in. */
    public Part part() {
        return part;
    }

    /** The value and what was expected; names the file. */
    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
