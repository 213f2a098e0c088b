package io.portcullis.server.cli;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerAdapter;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Method;
import java.security.SecureRandom;

/**
 * What every start needs of the JDK, whatever the configuration says, done by a thread of its own while another reads the
 * configuration. Where there is one processor only, nothing is lost.
 *
 * <p>The JDK's part only: classes of Netty that two threads initialise in different orders may have each wait for the
 * other. To look at annotations initialises no class but theirs.
 */
final class HeadStart {

    private HeadStart() {}

    static void begin() {
        Thread thread = new Thread(HeadStart::work, "head-start");
        thread.setDaemon(true);
        thread.start();
    }

    @SuppressWarnings("ReturnValueIgnored") // what counts is what the JDK has at hand from then on
    private static void work() {
        new SecureRandom().nextLong();
        // Netty looks for these on each class of its pipelines, and the first look makes classes to hold what it finds.
        ChannelInitializer.class.isAnnotationPresent(ChannelHandler.Sharable.class);
        lookAtMethods(ChannelHandlerAdapter.class);
        lookAtMethods(ChannelInboundHandlerAdapter.class);
        ManagementFactory.getRuntimeMXBean();
    }

    @SuppressWarnings("ReturnValueIgnored") // as above
    private static void lookAtMethods(Class<?> handler) {
        for (Method method : handler.getDeclaredMethods()) {
            method.isAnnotationPresent(Deprecated.class);
        }
    }
}
