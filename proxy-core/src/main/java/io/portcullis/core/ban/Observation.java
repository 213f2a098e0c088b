package io.portcullis.core.ban;

import io.portcullis.core.config.JailConfig.On;
import io.portcullis.core.http.RequestHead;
import io.portcullis.core.net.ClientAddress;

/** Something seen that a jail may care about. */
public sealed interface Observation {

    /** Who did it. */
    ClientAddress client();

    /** The jails of the virtual host that it concerns, or those for what concerns none. */
    JailSet jails();

    /** The request, as far as it was read: method, path and target are {@code -} where they were not. */
    RequestHead request();

    /** The answer's; 0 where there is none. */
    int status();

    /**
     * The head of an answer arrived from the application, or the proxy answered by itself.
     *
     * <p>Made only where {@link JailSet#mayCount} is true, so that an ordinary answer costs nothing.
     *
     * @param request the request that was answered
     * @param weight what the application says of it
     */
    record Answer(ClientAddress client, JailSet jails, RequestHead request, int status, AnswerWeight weight)
            implements Observation {}

    /**
     * The client did what no application has to see. Where it concerns a virtual host and has been answered, it is a
     * response of that host, too.
     *
     * @param kind {@link On#PROTOCOL_ERROR}, {@link On#TLS_FAILURE}, {@link On#UNKNOWN_HOST} or {@link On#TIMEOUT}
     */
    record Violation(ClientAddress client, JailSet jails, RequestHead request, int status, On kind)
            implements Observation {}
}
