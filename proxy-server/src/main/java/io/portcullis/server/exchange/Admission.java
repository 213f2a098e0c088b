package io.portcullis.server.exchange;

import io.portcullis.core.ban.Verdict;
import io.portcullis.core.route.VirtualHost;

/**
 * An exchange that the {@link RequestGate} let through. It cannot be made without a verdict that allows, and routing
 * takes nothing else, so nothing is routed that nobody judged.
 */
record Admission(Exchange exchange, VirtualHost virtualHost, Verdict.Allow verdict) {}
