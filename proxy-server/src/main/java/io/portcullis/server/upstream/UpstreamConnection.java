package io.portcullis.server.upstream;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;

/**
 * One exchange's way to an endpoint: a whole connection of HTTP/1.1, or a stream of an HTTP/2 connection that it shares.
 *
 * <p>Owned by the event loop of the client's connection. What the endpoint says goes to the {@link AnswerReceiver} in the
 * form that HTTP/1.1 gives, whichever it is.
 */
public sealed interface UpstreamConnection permits Http1Connection, EndpointStream {

    /**
     * Whether the endpoint may have closed the connection before the current request came there: it has carried an
     * exchange before, and not an octet has been answered to this one. To be asked before {@link #release}.
     */
    boolean mayBeStale();

    /**
     * Whether the endpoint has said that it did nothing with the request, so that it may be sent again whatever its
     * method is (RFC 9113 section 8.7). To be asked before {@link #release}.
     */
    boolean isUnprocessed();

    boolean isWritable();

    /** Sends the head of the next exchange. */
    void request(HttpRequest head, AnswerReceiver next);

    /** Sends a part of the body, and releases it. */
    void body(HttpContent part);

    void flush();

    /** Stops reading while the client does not take the answer. */
    void read(boolean wanted);

    /** The exchange needs it no longer. Where a message is not whole, the endpoint is told to stop. */
    void release();

    /** Hands the channel over to a tunnel, with none of HTTP left on it. Only after a 101, which HTTP/2 has not. */
    Channel unwrap();
}
