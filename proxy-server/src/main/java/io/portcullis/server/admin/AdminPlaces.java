package io.portcullis.server.admin;

import io.netty.channel.Channel;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Who is connected to the admin API. Those who have not asked yet may be anybody, so where there are too many of them the
 * newest comes in and the eldest goes: who knows the token asks at once, and nobody who does not can keep him out by
 * holding connections open. Those who are answered have places of their own.
 *
 * <p>Owned by the admin API's event loop.
 */
final class AdminPlaces {

    /** Each takes a few kilobytes; an attacker has to open as many between the operator's SYN and his request. */
    static final int MOST_STRANGERS = 256;

    /** As many as there are threads to answer. */
    static final int MOST_GUESTS = 32;

    private final Set<Channel> strangers = new LinkedHashSet<>();
    private int guests;

    /** Somebody has connected. */
    void enter(Channel connection) {
        strangers.add(connection);
        connection.closeFuture().addListener(closed -> strangers.remove(connection));
        if (strangers.size() > MOST_STRANGERS) {
            Iterator<Channel> eldest = strangers.iterator();
            Channel leaving = eldest.next();
            eldest.remove();
            leaving.close();
        }
    }

    /** A stranger has shown the token, with a whole request; false where there is no place for it. */
    boolean letIn(Channel connection) {
        if (guests == MOST_GUESTS) {
            return false;
        }
        strangers.remove(connection);
        guests++;
        connection.closeFuture().addListener(closed -> guests--);
        return true;
    }
}
