package io.portcullis.server.admin;

import io.netty.channel.Channel;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Who is connected to the admin API. Those who have not asked yet may be anybody, so where there are too many of them the
 * newest comes in and the eldest goes: who knows the token asks at once, and nobody who does not can keep him out by
 * holding connections open. Those who are answered have places of their own; where that needs no token, few of them, and
 * never those of who has shown it.
 *
 * <p>Owned by the admin API's event loop.
 */
final class AdminPlaces {

    /** Each takes a few kilobytes; an attacker has to open as many between the operator's SYN and his request. */
    static final int MOST_STRANGERS = 256;

    /** Who have shown the token. */
    static final int MOST_GUESTS = 32;

    /** Who ask for what anybody may see: a scraper or two, or somebody who would like to keep everybody out. */
    static final int MOST_ONLOOKERS = 4;

    /** A thread for each that may be answered. */
    static final int MOST_ANSWERED = MOST_GUESTS + MOST_ONLOOKERS;

    private final Set<Channel> strangers = new LinkedHashSet<>();
    private int guests;
    private int onlookers;

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

    /**
     * A stranger has made a whole request.
     *
     * @param hasToken whether it shows the token; else it is one that anybody may make
     * @return false where there is no place for it
     */
    boolean letIn(Channel connection, boolean hasToken) {
        if (hasToken ? guests == MOST_GUESTS : onlookers == MOST_ONLOOKERS) {
            return false;
        }
        strangers.remove(connection);
        if (hasToken) {
            guests++;
            connection.closeFuture().addListener(closed -> guests--);
        } else {
            onlookers++;
            connection.closeFuture().addListener(closed -> onlookers--);
        }
        return true;
    }
}
