package io.portcullis.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.portcullis.benchmarks.application.Application;
import io.portcullis.benchmarks.application.ApplicationHere;
import io.portcullis.benchmarks.process.CoreSet;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The packaged tools, where they are installed, against the application. */
class ToolsTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void wrkCountsWhatTheApplicationCounts() throws IOException {
        assumeTrue(Wrk.isInstalled());
        Wrk wrk = new Wrk(2, SECOND, "/forbidden", List.of("A: b"));
        assertThat(wrk.generator()).matches("wrk \\d+\\..+");
        try (Application application = Application.start(CoreSet.ANY);
                RunningLoad running = wrk.prepare(Target.plain(application.port(), "a.test"), CoreSet.ANY)) {
            running.awaitReady();
            LoadResult result = running.measure();
            assertThat(result.requests()).isZero();
            // wrk leaves out what is under way when its time is over: at most one a connection.
            assertThat(application.count("/forbidden")).isBetween(result.failed(), result.failed() + 2);
        }
    }

    @Test
    void wrkSaysWhyItCannot() throws IOException {
        assumeTrue(Wrk.isInstalled());
        Wrk wrk = new Wrk(2, SECOND, "/", List.of());
        try (RunningLoad running = wrk.prepare(Target.plain(1, "a.test"), CoreSet.ANY)) {
            assertThatIOException()
                    .isThrownBy(running::measure)
                    .withMessageContaining("unable to connect to 127.0.0.1:1");
        }
    }

    @Test
    void h2loadAgainstAServerOfHttp11SaysThatThereWasNoAnswer() throws IOException {
        assumeTrue(H2load.isInstalled());
        H2load h2load = new H2load(2, 10, SECOND, "/", List.of());
        assertThat(h2load.generator()).matches("h2load \\d+\\..+");
        try (Application application = ApplicationHere.start();
                RunningLoad running = h2load.prepare(Target.plain(application.port(), "a.test"), CoreSet.ANY)) {
            assertThatIOException().isThrownBy(running::measure).withMessageContaining("no answer");
        }
    }

    @Test
    void noOtherMachineIsPutUnderLoad() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Target("192.0.2.1", 80, false, "a.test"))
                .withMessageContaining(
                        "address: 192.0.2.1 (expected: one of 127.0.0.0/8, in numbers; no other machine");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Wrk(0, SECOND, "/", List.of()))
                .withMessage("connections: 0 (expected: >= 1)");
    }
}
