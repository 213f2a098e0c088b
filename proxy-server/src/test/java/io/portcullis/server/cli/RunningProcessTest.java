package io.portcullis.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.server.exchange.Patience;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Signals and a successor, in any order and at any time. */
class RunningProcessTest {

    private final List<String> done = new CopyOnWriteArrayList<>();
    private final RunningProcess process = new RunningProcess(exitCode -> done.add("halt " + exitCode));
    private final ToldProxy proxy = new ToldProxy();

    private final class ToldProxy implements RunningProcess.Proxy {
        private volatile boolean accepts;
        private volatile boolean isFaulty;

        @Override
        public boolean accepts() {
            return accepts;
        }

        @Override
        public Duration drainTime() {
            return Duration.ofSeconds(1);
        }

        @Override
        public int drain(Patience patience) {
            done.add("drain " + patience);
            if (isFaulty) {
                throw new IllegalStateException("a fault in the middle of the end");
            }
            return 0;
        }

        @Override
        public void reopenLogs() {
            done.add("logs");
        }

        @Override
        public void reloadSoon() {
            done.add("reload");
        }
    }

    /** The shutdown, which waits for the start. */
    private Thread terminateBetweenAcceptingAndStarted() {
        process.begins(proxy);
        proxy.accepts = true;
        Thread shutdown = new Thread(process::terminate);
        shutdown.start();
        Awaitility.await("waits for the start").until(() -> shutdown.getState() == Thread.State.TIMED_WAITING);
        return shutdown;
    }

    private void serve() {
        process.begins(proxy);
        proxy.accepts = true;
        process.serves();
    }

    @Test
    void itDrainsAndEndsWithZero() {
        serve();
        process.terminate();
        assertThat(done).containsExactly("drain SHORT", "halt 0");
    }

    /** If it breaks: a process that has departed stays for ever, and can neither be reached nor asked what it does. */
    @Test
    void aFaultWhileItDrainsEndsItAllTheSame() {
        proxy.isFaulty = true;
        serve();
        CompletableFuture<Long> departure = new CompletableFuture<>();
        process.endsAfter(departure);
        departure.complete(17L);
        Awaitility.await().untilAsserted(() -> assertThat(done).containsExactly("drain LONG", "halt 0"));
        done.clear();
        process.terminate();
        assertThat(done).containsExactly("drain SHORT", "halt 0");
    }

    @Test
    void aDepartureFromBeforeItWasAskedForEndsItToo() {
        serve();
        process.endsAfter(CompletableFuture.completedFuture(17L));
        Awaitility.await().untilAsserted(() -> assertThat(done).containsExactly("drain LONG", "halt 0"));
    }

    /** If it breaks: the logs' rotation kills a process that has just taken over, while the old one is leaving. */
    @Test
    void whatIsAskedForBeforeItServesIsDoneWhenItDoes() {
        process.reopenLogs();
        process.begins(proxy);
        process.hangUp();
        proxy.accepts = true;
        assertThat(done).isEmpty();
        process.serves();
        assertThat(done).containsExactlyInAnyOrder("logs", "logs", "reload");
        process.reopenLogs();
        assertThat(done).last().isEqualTo("logs");
    }

    /** If it breaks: a stop during the start waits for it, or takes the place of a process that was to go on. */
    @Test
    void beforeItServesItEndsAtOnce() {
        process.terminate();
        process.begins(proxy);
        process.terminate();
        assertThat(done).containsExactly("halt 0", "halt 0");
    }

    /** If it breaks: a stop in the middle of an upgrade cuts everybody whom the new process serves by then. */
    @Test
    void onceItAcceptsItDrainsEvenBeforeItIsStarted() throws InterruptedException {
        Thread shutdown = terminateBetweenAcceptingAndStarted();
        process.serves();
        shutdown.join();
        assertThat(done).containsExactly("drain SHORT", "halt 0");
    }

    /** If it breaks: a start that failed is told as 0, and nobody tries again. */
    @Test
    void oneThatCouldNotStartEndsWithItsOwnExitCode() throws InterruptedException {
        Thread shutdown = terminateBetweenAcceptingAndStarted();
        process.fails();
        shutdown.join();
        process.terminate();
        process.hangUp();
        assertThat(done).isEmpty();
    }

    @Test
    void aFailureAfterTheStartIsNone() {
        serve();
        process.fails();
        process.terminate();
        assertThat(done).containsExactly("drain SHORT", "halt 0");
    }
}
