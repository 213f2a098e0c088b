package io.portcullis.server.upstream;

import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.portcullis.server.observe.metrics.EndpointFailure;

/**
 * What an exchange hears from its endpoint. Called on the connection's event loop only, in the order of the answer;
 * nothing is called after {@link #failed}.
 */
public interface AnswerReceiver {

    /** A head, interim ones (1xx) included. */
    void head(HttpResponse head);

    /** A part of the body, the last one among them; the receiver releases it. */
    void content(HttpContent content);

    /** What could be read for now has been handed over: a good time to flush. */
    void readComplete();

    /** The endpoint takes more, or no more, of the request for now. */
    void writabilityChanged(boolean writable);

    /**
     * The connection is lost, or what it carries is no HTTP.
     *
     * @param how for the meters
     * @param reason for the log
     */
    void failed(EndpointFailure how, String reason);
}
