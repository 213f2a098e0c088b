package io.portcullis.core.ban;

import io.portcullis.core.http.RequestHead;
import io.portcullis.core.net.ClientAddress;

/** Something seen that a jail may care about. */
public sealed interface Observation {

    /** Who did it. */
    ClientAddress client();

    /** The jails of the virtual host that it concerns. */
    JailSet jails();

    /**
     * The head of an answer arrived from the application, or the proxy answered by itself.
     *
     * <p>Made only where {@link JailSet#mayCount(int, RequestHead)} is true, so that an ordinary answer costs nothing.
     *
     * @param request the request that was answered
     */
    record Answer(ClientAddress client, JailSet jails, RequestHead request, int status) implements Observation {}
}
