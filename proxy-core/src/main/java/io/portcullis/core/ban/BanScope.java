package io.portcullis.core.ban;

/** Which virtual hosts a ban covers. */
public sealed interface BanScope {

    /** Whether a request for that virtual host is refused. */
    boolean covers(String virtualHost);

    /** Every virtual host. */
    enum AllHosts implements BanScope {
        ALL_HOSTS;

        @Override
        public boolean covers(String virtualHost) {
            return true;
        }

        @Override
        public String toString() {
            return "all hosts";
        }
    }

    /** One virtual host, by its name. */
    record OneHost(String virtualHost) implements BanScope {
        @Override
        public boolean covers(String other) {
            return virtualHost.equals(other);
        }

        @Override
        public String toString() {
            return "host " + virtualHost;
        }
    }
}
