package io.portcullis.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Ends the test process with an error where any test of it has leaked a buffer.
 *
 * <p>Netty only logs a leak, and by then the test that caused it has long passed. Each process of a flow over real
 * sockets is watched by its own test; this watches what runs in here.
 */
public final class LeakedBuffersFailTheBuild implements LauncherSessionListener {

    /** Enough to have Netty look at what the collector found. */
    private static final int ROUNDS = 10;

    private static final Queue<String> LEAKS = new ConcurrentLinkedQueue<>();

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new ListeningFactory());
    }

    @Override
    public void launcherSessionClosed(LauncherSession session) {
        for (int i = 0; i < ROUNDS; i++) {
            System.gc();
            ByteBuf probe = PooledByteBufAllocator.DEFAULT.directBuffer(64); // leaks are reported when one is tracked
            probe.release();
        }
        if (!LEAKS.isEmpty()) {
            System.err.println("leaked buffers, so the build fails:");
            LEAKS.forEach(System.err::println);
            Runtime.getRuntime().halt(1);
        }
    }

    private static final class ListeningFactory extends ResourceLeakDetectorFactory {
        @Override
        @SuppressWarnings("deprecation") // abstract, so it must be there
        public <T> ResourceLeakDetector<T> newResourceLeakDetector(
                Class<T> resource, int samplingInterval, long maxActive) {
            return newResourceLeakDetector(resource, samplingInterval);
        }

        @Override
        public <T> ResourceLeakDetector<T> newResourceLeakDetector(Class<T> resource, int samplingInterval) {
            ResourceLeakDetector<T> detector = new ResourceLeakDetector<>(resource, samplingInterval);
            detector.setLeakListener((type, records) -> LEAKS.add("LEAK: " + type + "\n" + records));
            return detector;
        }
    }
}
