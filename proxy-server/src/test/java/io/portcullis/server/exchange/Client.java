package io.portcullis.server.exchange;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.portcullis.server.listener.ClientPipeline;

/** A client on the shipped pipeline, without a socket. */
final class Client {

    private final EmbeddedWorker worker;
    private final ClientChannel channel;

    Client(EmbeddedWorker worker, Rules rules, String address) {
        this(worker, new ClientChannel(address));
        ClientPipeline.install(channel, worker);
    }

    private Client(EmbeddedWorker worker, ClientChannel channel) {
        this.worker = worker;
        this.channel = channel;
        worker.track(channel);
    }

    /** One that has connected to where TLS is expected. */
    static Client ofTls(EmbeddedWorker worker, Rules rules, String address) {
        Client client = new Client(worker, new ClientChannel(address));
        ClientPipeline.installTls(client.channel, worker);
        return client;
    }

    /** One that has connected to where HTTP/2 is spoken beside HTTP/1.1. */
    static Client ofHttp2(EmbeddedWorker worker, Rules rules, String address) {
        Client client = new Client(worker, new ClientChannel(address));
        ClientPipeline.installHttp2(client.channel, worker);
        return client;
    }

    static String get(String host, String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: " + host + ".example\r\n\r\n";
    }

    /** Sends, and lets everything happen that this brings about. */
    void sends(String octets) {
        channel.writeInbound(Unpooled.copiedBuffer(octets, ISO_8859_1));
        settle();
    }

    void settle() {
        worker.runTasks();
        channel.runPendingTasks();
    }

    /** Whether something has left for it since it was asked last what. */
    boolean isSentTo() {
        return !channel.outboundMessages().isEmpty();
    }

    /** What was written to it since it was asked last. */
    String received() {
        if (channel.isOpen()) {
            channel.flushOutbound();
        }
        StringBuilder octets = new StringBuilder();
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            octets.append(part.toString(ISO_8859_1));
            part.release();
        }
        return octets.toString();
    }

    /** From now on nothing that is written reaches it. */
    void stopsReading() {
        channel.pipeline().addFirst("stall", new ChannelOutboundHandlerAdapter() {
            @Override
            public void flush(ChannelHandlerContext ctx) {
                // what was written waits
            }
        });
    }

    void readsOn() {
        channel.pipeline().remove("stall");
        channel.flush();
        settle();
    }

    /** What its connection throws. */
    void breaks(Throwable cause) {
        channel.pipeline().fireExceptionCaught(cause);
        settle();
    }

    void endsInput() {
        channel.clientEndsInput();
        settle();
    }

    void closes() {
        channel.close();
        settle();
    }

    /** Whether what it sends is taken out of the kernel. */
    boolean isBeingRead() {
        return channel.config().isAutoRead();
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    boolean wasReset() {
        return channel.isReset();
    }

    /** Whether nothing more is said to it, though it may still read and be read. */
    boolean isHalfClosed() {
        return channel.isOutputShutdown();
    }
}
