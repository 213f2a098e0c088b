package io.portcullis.server.e2e;

import static io.portcullis.server.e2e.kit.Wire.head;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.server.e2e.AnswerCorpus.Case;
import io.portcullis.server.e2e.AnswerCorpus.Outcome;
import io.portcullis.server.e2e.kit.Behaviours;
import io.portcullis.server.e2e.kit.Cases;
import io.portcullis.server.e2e.kit.Loopback;
import io.portcullis.server.e2e.kit.ProxyUnderTest;
import io.portcullis.server.e2e.kit.RawClient;
import io.portcullis.server.e2e.kit.RawResponse;
import io.portcullis.server.e2e.kit.RecordedRequest;
import io.portcullis.server.e2e.kit.RecordingApplication;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One answer to each request: what an application says beyond it, or instead, reaches nobody else. Each case is followed by
 * another client's request, which would be given what is left on the connection.
 */
final class AnswerCorpusIT {

    private static RecordingApplication application;
    private static ProxyUnderTest proxy;

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        application = RecordingApplication.start("app");
        proxy = ProxyUnderTest.in(directory)
                // One pool of connections, so that whatever may be used again is.
                .main("threads = 1")
                .host("a", "a.test", application, "")
                .start();
    }

    @AfterAll
    static void stop() throws IOException {
        proxy.close();
        application.close();
    }

    @AfterEach
    void processIsClean() {
        proxy.assertClean();
    }

    /** If it breaks: an application that is broken, or taken over, answers the visitors of others. */
    @Test
    void everyCaseIsPassedOnOrRefusedAsTheRfcHasIt() throws Exception {
        List<Case> cases = AnswerCorpus.all();
        assertThat(cases).hasSizeGreaterThan(400);
        for (int i = 0; i < cases.size(); i++) {
            String octets = cases.get(i).octets();
            application.on(path(i), cases.get(i).closes() ? Behaviours.rawThenClose(octets) : Behaviours.raw(octets));
        }

        List<String> faults = Cases.faults(cases.size(), i -> fault(cases.get(i), path(i)));

        List<RecordedRequest> all = application.requests();
        for (int i = 0; i < cases.size(); i++) {
            if (cases.get(i).outcome() != Outcome.SERVED && isFollowed(all, path(i))) {
                faults.add(cases.get(i) + "\n  its connection was used again");
            }
        }
        assertThat(faults).isEmpty();
    }

    private static String path(int number) {
        return "/case/" + number;
    }

    /** One case, as its client and the next one see it; empty where all is as it should be. */
    private static String fault(Case one, String path) {
        String step = "connect";
        try (RawClient client = RawClient.connect(Loopback.newClient(), proxy.port());
                RawClient next = RawClient.connect(Loopback.newClient(), proxy.port())) {
            step = "answer";
            client.send(head(one.method() + " " + path + " HTTP/1.1", "Host: a.test"));
            RawResponse answer = client.readWholeOrCut(one.method());
            while (answer.status() < 200) {
                answer = client.readWholeOrCut(one.method());
            }
            switch (one.outcome()) {
                case SERVED, SERVED_LAST -> {
                    assertThat(answer.status()).isNotEqualTo(502);
                    assertThat(answer.whole()).as("whole").isTrue();
                    assertThat(answer.body()).isEqualTo(one.body());
                }
                case BAD_GATEWAY -> assertThat(answer.status()).isEqualTo(502);
                case CUT ->
                    assertThat(answer.status() == 502 || !answer.whole())
                            .as("refused or cut: %s", answer)
                            .isTrue();
            }
            step = "the next client's answer";
            assertThat(next.get("a.test", "/next" + path).body()).isEqualTo("app /next" + path);
            step = "the end";
            if (answer.whole()) {
                client.halfClose();
                assertThat(client.ending().received()).as("behind the answer").isEmpty();
            }
            return "";
        } catch (IOException | AssertionError fault) {
            return one + "\n  " + step + ": " + fault;
        }
    }

    private static boolean isFollowed(List<RecordedRequest> all, String path) {
        return all.stream()
                .filter(request -> request.path().equals(path))
                .anyMatch(one -> all.stream()
                        .anyMatch(other -> other.connection() == one.connection()
                                && other.indexOnConnection() > one.indexOnConnection()));
    }

    /** If it breaks: what an application says between two exchanges is the answer to the next one. */
    @Test
    void whatIsSaidUnaskedOnAnIdleConnectionEndsIt() throws Exception {
        CountDownLatch answered = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        application.on("/and-more", (request, connection) -> {
            connection.send(head("HTTP/1.1 200 OK", "Content-Length: 5") + "hello");
            Behaviours.await(answered);
            connection.send(AnswerCorpus.SPLIT);
            connection.awaitEnd();
            ended.countDown();
            return false;
        });
        try (RawClient client = RawClient.connect(Loopback.newClient(), proxy.port())) {
            assertThat(client.get("a.test", "/and-more").body()).isEqualTo("hello");
            answered.countDown();
            assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(client.get("a.test", "/later").body()).isEqualTo("app /later");
        }
    }
}
