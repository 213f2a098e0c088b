package io.portcullis.benchmarks.load.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portcullis.benchmarks.application.Application;
import io.portcullis.benchmarks.application.ApplicationHere;
import io.portcullis.benchmarks.load.LoadResult;
import io.portcullis.benchmarks.load.RunningLoad;
import io.portcullis.benchmarks.load.Target;
import io.portcullis.benchmarks.process.CoreSet;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Each kind of load against the application that the peers forward to. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KindsTest {

    private Application application;

    @BeforeAll
    void start() {
        application = ApplicationHere.start();
    }

    @AfterAll
    void end() {
        application.close();
    }

    @BeforeEach
    void countAnew() throws IOException {
        application.resetCounts();
    }

    @Test
    void theClosedLoopCountsWhatTheApplicationCounts() throws Exception {
        LoadResult result = run("closed --connections 8 --seconds 0.3 --hosts 5 --host h*.test --header A:b");
        assertThat(result.requests()).isPositive().isEqualTo(application.count("/"));
        assertThat(result.bytes()).isEqualTo(100 * result.requests());
        assertThat(result.errors()).isEmpty();
        assertThat(result.seconds()).isBetween(0.2, 3.0);
        assertThat(result.latency().orElseThrow().p50()).isPositive();
    }

    @Test
    void theLeadInIsNotCounted() throws Exception {
        LoadResult result = run("closed --connections 2 --seconds 0.1 --lead-in 0.1");
        assertThat(result.requests()).isLessThan(application.count("/"));
    }

    @Test
    void theOpenLoopSendsJustWhatItsRateSays() throws Exception {
        LoadResult result = run("open --connections 8 --seconds 0.5 --rate 1000");
        assertThat(result.requests()).isEqualTo(500).isEqualTo(application.count("/"));
        assertThat(result.errors()).isEmpty();
        assertThat(result.figures()).containsKeys("late-p99", "late-max");
    }

    @Test
    void anotherStatusIsAnError() throws Exception {
        LoadResult result = run("closed --connections 2 --seconds 0.1 --path /nowhere");
        assertThat(result.requests()).isZero();
        assertThat(result.errors()).containsOnlyKeys("status");
        assertThat(result.figures().get("status-404")).isEqualTo((double) result.failed());
    }

    @Test
    void aConnectionEachAsksOnceOnEach() throws Exception {
        LoadResult result = run("connect --connections 4 --seconds 0.3 --source 127.0.0.5 --sources 3");
        assertThat(result.requests()).isPositive().isEqualTo(application.count("/"));
        assertThat(result.errors()).isEmpty();
    }

    @Test
    void downloadsCountTheOctets() throws Exception {
        LoadResult result = run("download --connections 2 --seconds 0.3 --path /bytes/1048576");
        assertThat(result.requests()).isPositive();
        assertThat(result.bytes()).isEqualTo(result.requests() * 1_048_576);
        assertThat(result.errors()).isEmpty();
    }

    @Test
    void uploadsArriveWhole() throws Exception {
        LoadResult result = run("upload --connections 2 --seconds 0.3 --size 300000 --path /sink/300000");
        assertThat(result.requests()).isPositive();
        assertThat(result.errors()).isEmpty();
        assertThat(result.bytes()).isEqualTo(result.requests() * 300_000);
    }

    @Test
    void idleConnectionsAreAllHeldAfterOneRequestEach() throws Exception {
        LoadResult result = run("idle --connections 200");
        assertThat(result.requests()).isEqualTo(200).isEqualTo(application.count("/"));
        assertThat(result.errors()).isEmpty();
    }

    @Test
    void webSocketsHaveTheirEchoes() throws Exception {
        LoadResult result = run("websocket --connections 4 --seconds 0.3");
        assertThat(result.requests()).isPositive();
        assertThat(result.bytes()).isEqualTo(125 * result.requests());
        assertThat(result.errors()).isEmpty();
        assertThat(application.count("/echo")).isEqualTo(4);
    }

    @Test
    void aFloodSaysHowManyWereAnswered() throws Exception {
        LoadResult result = run("flood --connections 4 --seconds 0.3 --source 127.0.0.9");
        assertThat(result.figures().get("answered"))
                .isPositive()
                .isEqualTo((double) result.requests())
                .isEqualTo(result.figures().get("status-200"));
        assertThat(result.errors()).isEmpty();
    }

    @Test
    void aLeakSendsNoMoreThanItMayAndSaysWhatItSaw() throws Exception {
        LoadResult result = run("leak --connections 4 --seconds 20 --requests 50 --source 127.0.0.9");
        assertThat(result.figures())
                .containsEntry("sent", 50.0)
                .containsEntry("status-403", 50.0)
                .containsEntry("refused", 0.0);
        assertThat(application.count("/forbidden")).isEqualTo(50);
        assertThat(result.seconds()).isLessThan(15);
    }

    @Test
    void aStormCountsEachAnswerWhateverItsStatus() throws Exception {
        LoadResult result = run("storm --connections 4 --seconds 0.3 --rate 1000");
        assertThat(result.requests()).isEqualTo(300).isEqualTo(application.count("/forbidden"));
        assertThat(result.figures()).containsEntry("status-403", 300.0);
        assertThat(result.errors()).isEmpty();
    }

    @Test
    void theProcessSaysTheSameAsItWouldHere() throws IOException {
        OwnLoad load = OwnLoad.of(Kind.CLOSED)
                .with(Option.CONNECTIONS, 4)
                .with(Option.SECONDS, "0.2")
                .with(Option.LEAD_IN, "0");
        assertThat(load.generator()).isEqualTo("own, closed loop");
        try (RunningLoad running = load.prepare(Target.plain(application.port(), "a.test"), CoreSet.ANY)) {
            running.awaitReady();
            LoadResult result = running.measure();
            assertThat(result.requests()).isPositive().isEqualTo(application.count("/"));
        }
    }

    /** If it breaks: what a proxy used for the lead-in is charged to the requests that count. */
    @Test
    void afterReadyAndBetweenMeasurementsNothingIsSentAndEachCountsItsOwn() throws IOException {
        OwnLoad load = OwnLoad.of(Kind.CLOSED)
                .with(Option.CONNECTIONS, 4)
                .with(Option.SECONDS, "0.2")
                .with(Option.LEAD_IN, "0.2");
        try (RunningLoad running = load.prepare(Target.plain(application.port(), "a.test"), CoreSet.ANY)) {
            running.awaitReady();
            long before = application.count("/");
            assertThat(before).isPositive();
            long first = running.measure().requests();
            assertThat(first).isPositive().isEqualTo(application.count("/") - before);
            long second = running.measure().requests();
            assertThat(second).isPositive().isEqualTo(application.count("/") - before - first);
        }
    }

    @Test
    void theProcessSaysWhyItCannot() throws IOException {
        try (RunningLoad running =
                OwnLoad.of(Kind.CLOSED).prepare(Target.plain(Closed.port(), "a.test"), CoreSet.ANY)) {
            assertThatThrownBy(running::awaitReady)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("load closed: ended with 1")
                    .hasMessageContaining("failed before the first of its 64 stood by: connect (expected: all stand)");
        }
    }

    private LoadResult run(String arguments) throws Exception {
        return OneRun.of(arguments + " --port " + application.port());
    }
}
