package io.portcullis.server.listener;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.portcullis.core.config.LimitsConfig;
import io.portcullis.core.config.ListenerConfig;
import io.portcullis.server.exchange.AnswerEncoder;
import io.portcullis.server.exchange.ClientConnection;
import io.portcullis.server.exchange.Handshake;
import io.portcullis.server.exchange.Http1Stream;
import io.portcullis.server.exchange.Http2Conversation;
import io.portcullis.server.exchange.ListenerRules;
import io.portcullis.server.exchange.ProxyHandler;
import io.portcullis.server.exchange.RequestGate;
import io.portcullis.server.exchange.Worker;
import io.portcullis.server.listener.http2.ClientFrames;
import io.portcullis.server.listener.http2.ConnectionFrames;
import io.portcullis.server.listener.http2.GatheredFlushes;
import io.portcullis.server.listener.http2.PriorKnowledgeGate;
import io.portcullis.server.listener.http2.StreamCodec;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Every handler that a client's connection meets, in order.
 *
 * <p>Before it stands the {@link AcceptGate}, in the listening channel's own pipeline: whom it refuses never gets here.
 */
final class ServerPipeline extends ChannelInitializer<Channel> {

    private final Supplier<ListenerRules> listener;
    private final Function<EventLoop, Worker> workers;

    ServerPipeline(Supplier<ListenerRules> listener, Function<EventLoop, Worker> workers) {
        this.listener = listener;
        this.workers = workers;
    }

    @Override
    protected void initChannel(Channel channel) {
        ClientConnection connection = new ClientConnection(channel, workers.apply(channel.eventLoop()), listener);
        ListenerConfig settings = listener.get().listener(); // these for as long as the connection lives
        channel.pipeline().addLast("connection", connection); // who is there, and how long it may take
        ChannelPipeline pipeline = channel.pipeline();
        if (settings.proxyProtocol()) {
            // whose connection it is, and the verdict of accept again
            pipeline.addLast(
                    "proxy-header", new ProxyHeaderGate(connection, () -> talk(settings, connection, pipeline)));
        } else {
            talk(settings, connection, pipeline);
        }
    }

    private void talk(ListenerConfig settings, ClientConnection connection, ChannelPipeline pipeline) {
        if (settings.tls().isPresent()) {
            tls(connection, pipeline);
        } else {
            plain(settings, connection, pipeline);
        }
    }

    /** The gate makes way for {@code tls}, and that for HTTP behind it once both sides have agreed on a version. */
    private void tls(ClientConnection connection, ChannelPipeline pipeline) {
        Handshake handshake = new Handshake(connection);
        connection.converse(handshake);
        pipeline.addLast("sni", new SniGate(handshake, session -> {
            if (ApplicationProtocolNames.HTTP_2.equals(session.applicationProtocol())) {
                http2(connection, pipeline);
            } else {
                http1(connection, pipeline);
            }
        }));
    }

    private void plain(ListenerConfig settings, ClientConnection connection, ChannelPipeline pipeline) {
        if (settings.http2()) {
            // which version the client speaks, by its first octets
            pipeline.addLast(
                    "version",
                    new PriorKnowledgeGate(() -> http1(connection, pipeline), () -> http2(connection, pipeline)));
        } else {
            http1(connection, pipeline);
        }
    }

    private void http1(ClientConnection connection, ChannelPipeline pipeline) {
        connection.meter().speaksHttp1();
        AnswerEncoder encoder = new AnswerEncoder();
        Http1Stream stream = new Http1Stream(connection, encoder);
        RequestDecoder decoder = new RequestDecoder(stream, connection.rules().limits());
        stream.attach(decoder);
        connection.converse(stream);

        pipeline.addLast("decoder", decoder); // octets to requests, strictly, one at a time
        pipeline.addLast("encoder", encoder); // answers to octets
        pipeline.addLast("gate", new RequestGate(stream)); // whom it is for, from whom, and the verdict
        pipeline.addLast("proxy", new ProxyHandler(stream)); // routes and forwards what was let through
    }

    private void http2(ClientConnection connection, ChannelPipeline pipeline) {
        connection.meter().speaksHttp2();
        Http2Conversation conversation = new Http2Conversation(connection);
        LimitsConfig limits = connection.rules().limits();
        Http2FrameCodec codec = ClientFrames.codec(conversation, limits);
        connection.converse(conversation);

        pipeline.addLast("frames", codec); // octets to frames, counting those that carry nothing
        pipeline.addLast("flushes", new GatheredFlushes()); // the answers of one turn leave together
        pipeline.addLast("streams", ClientFrames.streams(stream -> stream(conversation, stream, limits)));
        pipeline.addLast("end", new ConnectionFrames(conversation)); // what concerns no stream, and what ends them all
        ClientFrames.open(pipeline, codec);
    }

    /** A stream has a channel of its own, with the handlers that a whole connection of HTTP/1.1 has. */
    private static void stream(Http2Conversation conversation, Channel channel, LimitsConfig limits) {
        StreamCodec codec = new StreamCodec(conversation, channel, limits);

        ChannelPipeline pipeline = channel.pipeline();
        pipeline.addLast("codec", codec); // frames to a request, strictly, and its answer to frames
        pipeline.addLast("gate", new RequestGate(codec.stream())); // as over HTTP/1.1
        pipeline.addLast("proxy", new ProxyHandler(codec.stream()));
    }
}
