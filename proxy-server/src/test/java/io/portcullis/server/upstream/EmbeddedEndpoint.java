package io.portcullis.server.upstream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;

/** An endpoint at the other end of a pooled connection without a socket: tells what it got, and says what it is told. */
public final class EmbeddedEndpoint {

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final Http1Connection connection;

    public EmbeddedEndpoint(Destination destination, ConnectionPool pool) {
        AnswerDecoder decoder = new AnswerDecoder();
        connection = new Http1Connection(channel, destination, pool, decoder);
        channel.pipeline().addLast("decoder", decoder);
        channel.pipeline().addLast("upstream", connection);
    }

    /** One that the pool holds and that has carried no exchange yet. */
    public static EmbeddedEndpoint pooled(Destination destination, ConnectionPool pool) {
        EmbeddedEndpoint endpoint = new EmbeddedEndpoint(destination, pool);
        pool.keep(endpoint.connection);
        return endpoint;
    }

    Http1Connection connection() {
        return connection;
    }

    public EmbeddedChannel channel() {
        return channel;
    }

    /** What has come since it was asked last. */
    public String received() {
        StringBuilder octets = new StringBuilder();
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            octets.append(part.toString(ISO_8859_1));
            part.release();
        }
        return octets.toString();
    }

    public void says(String octets) {
        channel.writeInbound(Unpooled.copiedBuffer(octets, ISO_8859_1));
    }

    public void closes() {
        channel.close();
    }

    public boolean isOpen() {
        return channel.isOpen();
    }
}
