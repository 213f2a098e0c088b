package io.portcullis.benchmarks.peer;

import java.nio.file.Path;
import java.util.List;

/** All proxies that can be measured. */
public final class Peers {

    public static final String PORTCULLIS = "portcullis";
    public static final String NGINX = "nginx";
    public static final String HAPROXY = "haproxy";

    private Peers() {}

    /**
     * In the order of reports.
     *
     * @param home where Portcullis is: a source tree, or where it is installed
     */
    public static List<Peer> all(Path home) {
        return List.of(new Portcullis(home), new Nginx(), new Haproxy(), new NginxFail2ban(), new Caddy(), new Httpd());
    }
}
