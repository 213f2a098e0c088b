package io.portcullis.server.observe;

import io.portcullis.core.ban.Ban;
import java.time.Instant;
import java.util.List;

/** Something that an operator, or a program of his, wants to hear of when it happens. Immutable. */
public sealed interface Event {

    Type type();

    /** What kinds there are; docs/admin-api.md has them for people. */
    enum Type {
        BAN("ban"),
        UNBAN("unban"),
        RELOAD("reload"),
        ENDPOINT_OUT("endpoint-out"),
        ENDPOINT_BACK("endpoint-back"),
        CERTIFICATE_REPLACED("certificate-replaced"),
        CERTIFICATE_FAILING("certificate-failing"),
        STORE_FAILING("store-failing"),
        STORE_BACK("store-back"),
        DRAINING("draining");

        private final String word;

        Type(String word) {
            this.word = word;
        }

        /** As the event stream has it. */
        @Override
        public String toString() {
            return word;
        }
    }

    /** A ban is in force, or of a jail on trial. */
    record Banned(Ban ban) implements Event {
        @Override
        public Type type() {
            return Type.BAN;
        }
    }

    /** A ban was taken back, by a person or by the engine. */
    record Unbanned(Ban ban) implements Event {
        @Override
        public Type type() {
            return Type.UNBAN;
        }
    }

    /**
     * The configuration was read again.
     *
     * @param applied false where the old one goes on
     * @param problems why it was not applied, as the operator is told them
     */
    record Reloaded(boolean applied, List<String> problems) implements Event {

        public Reloaded {
            problems = List.copyOf(problems);
        }

        @Override
        public Type type() {
            return Type.RELOAD;
        }
    }

    /** An endpoint has failed so often that others are asked instead, where there are others. */
    record EndpointOut(String upstream, String endpoint, String reason) implements Event {
        @Override
        public Type type() {
            return Type.ENDPOINT_OUT;
        }
    }

    /** An endpoint that was out has answered. */
    record EndpointBack(String upstream, String endpoint) implements Event {
        @Override
        public Type type() {
            return Type.ENDPOINT_BACK;
        }
    }

    /** New content of a certificate's files is served. */
    record CertificateReplaced(String certificate, Instant until) implements Event {
        @Override
        public Type type() {
            return Type.CERTIFICATE_REPLACED;
        }
    }

    /** The files of a certificate cannot be served; the content that was there before is served on. */
    record CertificateFailing(String certificate, String reason) implements Event {
        @Override
        public Type type() {
            return Type.CERTIFICATE_FAILING;
        }
    }

    /** Bans are in memory alone. */
    record StoreFailing(String reason) implements Event {
        @Override
        public Type type() {
            return Type.STORE_FAILING;
        }
    }

    /** Bans are written again, all that are in force. */
    record StoreBack() implements Event {
        @Override
        public Type type() {
            return Type.STORE_BACK;
        }
    }

    /** Nothing new is accepted; the process ends when what is under way has. */
    record Draining() implements Event {
        @Override
        public Type type() {
            return Type.DRAINING;
        }
    }
}
