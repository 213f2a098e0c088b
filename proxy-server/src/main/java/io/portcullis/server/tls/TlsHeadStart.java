package io.portcullis.server.tls;

import java.util.ArrayList;
import java.util.List;

/**
 * Has what TLS needs done by other threads, while the one that found out that there is TLS reads on. Where there is one
 * processor only, nothing is lost.
 *
 * <p>Used by one thread. Closing it waits for the threads: classes that two threads initialise in different orders may
 * have each wait for the other, so nothing else of Netty may begin before.
 */
public final class TlsHeadStart implements AutoCloseable {

    private final List<Thread> threads = new ArrayList<>();

    /** The first call begins, later ones do nothing. What fails here fails again, and is told, where it is needed. */
    public void begin() {
        if (!threads.isEmpty()) {
            return;
        }
        TlsLibrary.refuseRenegotiation();
        start("tls-library", TlsHeadStart::loadLibrary);
        // The JDK tells a log of each certificate that it reads, and to find that log it opens every jar there is.
        start("security-log", System.LoggerFinder::getLoggerFinder);
    }

    private void start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
        threads.add(thread);
    }

    private static void loadLibrary() {
        try {
            TlsLibrary.chosen();
        } catch (IllegalStateException e) {
            // Certificates asks again.
        }
    }

    @Override
    public void close() {
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
