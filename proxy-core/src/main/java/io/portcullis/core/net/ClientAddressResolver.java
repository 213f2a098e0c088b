package io.portcullis.core.net;

import java.util.List;
import java.util.ListIterator;

/**
 * Finds out who a request's client really is, from the connection's peer and from what trusted proxies say.
 *
 * <p>The hops are walked from the right, the nearest first. A hop is believed because the one to its right is trusted;
 * the first that is not trusted itself is the client. A value that names nobody (garbage, {@code unknown}, an empty
 * element) ends the walk at the last good hop: the blame falls on a proxy, which is never banned, and not on whomever
 * a stranger wrote to the left of it.
 */
public final class ClientAddressResolver {

    private final CidrSet trustedProxies;
    private final ForwardedSyntax syntax;

    /** @param syntax of the header whose values are given to {@link #resolve} */
    public ClientAddressResolver(CidrSet trustedProxies, ForwardedSyntax syntax) {
        this.trustedProxies = trustedProxies;
        this.syntax = syntax;
    }

    /** Whether what this peer says about its clients is believed. */
    public boolean isTrusted(IpAddress peer) {
        return trustedProxies.contains(peer);
    }

    /**
     * The client of one request. Never throws, whatever the values are.
     *
     * <p>For a peer that is not trusted the answer is always {@link ClientAddress#direct}, and may be kept for the
     * connection's life.
     *
     * @param fieldValues all values of the header, in the order received; not read unless the peer is trusted
     */
    public ClientAddress resolve(IpAddress peer, List<String> fieldValues) {
        return isTrusted(peer) ? new ClientAddress(walk(peer, fieldValues), peer, true) : ClientAddress.direct(peer);
    }

    private IpAddress walk(IpAddress peer, List<String> fieldValues) {
        IpAddress hop = peer;
        ListIterator<String> lines = fieldValues.listIterator(fieldValues.size());
        while (lines.hasPrevious()) {
            String value = lines.previous();
            // Ends before the value's first comma, then at -1.
            for (int start, end = value.length(); end >= 0; end = start - 1) {
                start = syntax.elementStart(value, end);
                IpAddress next = start < 0 ? null : syntax.address(value, start, end);
                if (next == null) {
                    return hop;
                }
                hop = next;
                if (!trustedProxies.contains(hop)) {
                    return hop;
                }
            }
        }
        return hop;
    }
}
