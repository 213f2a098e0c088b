package io.portcullis.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.server.e2e.RequestCorpus.Case;
import io.portcullis.server.e2e.kit.Cases;
import io.portcullis.server.e2e.kit.Loopback;
import io.portcullis.server.e2e.kit.ProxyUnderTest;
import io.portcullis.server.e2e.kit.RawClient;
import io.portcullis.server.e2e.kit.RawResponse;
import io.portcullis.server.e2e.kit.RecordingApplication;
import io.portcullis.server.e2e.kit.RequestReader;
import io.portcullis.server.e2e.kit.RequestReader.Habit;
import io.portcullis.server.e2e.kit.RequestReader.Reading;
import io.portcullis.server.e2e.kit.RequestReader.Request;
import io.portcullis.server.e2e.kit.TappedServerSocket;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One request in, one request out: what the application reads, to the octet, is what the proxy judged, whatever came in. Three
 * say what was asked for: the proxy by its answers and its log, the application, and readers that share nothing with either.
 */
final class RequestCorpusIT {

    private static final int MUTATIONS = 1_500;

    /** Statuses that are an answer of the application, or a refusal that RFC 9110 has for what a client does wrong. */
    private static final Set<Integer> STATUSES = Set.of(200, 400, 405, 413, 414, 417, 421, 431, 501, 505);

    private static TappedServerSocket socket;
    private static RecordingApplication application;
    private static ProxyUnderTest proxy;

    /** What each client was answered. */
    private final Map<String, Integer> served = new ConcurrentHashMap<>();

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        socket = new TappedServerSocket();
        application = RecordingApplication.start("app", socket);
        proxy = ProxyUnderTest.in(directory)
                .main("limits { max-head-size = " + RequestCorpus.MAX_HEAD + ", max-headers = "
                        + RequestCorpus.MAX_FIELDS + ", max-body-size = " + RequestCorpus.MAX_BODY + " }\n"
                        + "default-host = reject")
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

    /** If it breaks: a request that no jail has seen reaches the application, or the answer to one goes to another client. */
    @Test
    void everyCaseIsReadAsTheRfcHasIt() throws Exception {
        List<Case> cases = RequestCorpus.all();
        assertThat(cases).hasSizeGreaterThan(1_000);
        List<String> clients = clients(cases.size());

        List<String> faults = Cases.faults(cases.size(), i -> fault(cases.get(i), clients.get(i)));

        Map<String, List<Request>> read = readByTheApplication(Set.copyOf(clients));
        for (int i = 0; i < cases.size(); i++) {
            List<String> reached = inAnyOrder(read.getOrDefault(clients.get(i), List.of()));
            if (!reached.equals(cases.get(i).served().stream().sorted().toList())) {
                faults.add(cases.get(i) + "\n  reached the application: " + reached);
            }
            if (cases.get(i).served().isEmpty() && !cases.get(i).inBody() && isOnTape(clients.get(i))) {
                faults.add(cases.get(i) + "\n  its head reached the application");
            }
        }
        assertThat(faults).isEmpty();
    }

    /** One case, as its client sees it; empty where all is as it should be. */
    private String fault(Case one, String from) {
        String step = "connect";
        try (RawClient client = RawClient.connect(from, proxy.port())) {
            client.send(one.octets());
            for (String request : one.served()) {
                step = "answer to " + request;
                assertThat(answer(client, request).status()).isEqualTo(200);
            }
            if (one.refusals().isEmpty()) {
                step = "the end";
                client.halfClose();
                assertThat(client.ending().received())
                        .as("behind the last answer")
                        .isEmpty();
                return "";
            }
            step = "refusal";
            RawResponse refusal = answer(client, "GET");
            assertThat(refusal.status()).as("one of %s", one.refusals()).isIn(one.refusals());
            step = "the end";
            if (!one.group().equals("method not served")) {
                assertThat(refusal.value("Connection")).isEqualToIgnoringCase("close");
                assertThat(client.ending().isOver())
                        .as("the connection is over")
                        .isTrue();
            }
            return "";
        } catch (IOException | AssertionError fault) {
            return one + "\n  " + step + ": " + fault;
        }
    }

    private static RawResponse answer(RawClient client, String request) throws IOException {
        String method = request.split(" ", 2)[0];
        RawResponse answer = client.readAnswerTo(method);
        while (answer.status() < 200) {
            answer = client.readAnswerTo(method);
        }
        return answer;
    }

    /** If it breaks: there is a message that nobody thought of by which requests are smuggled. */
    @Test
    void whateverIsMutatedTheProxyAndTheApplicationCountTheSameRequests() throws Exception {
        SplittableRandom random = new SplittableRandom(20_261_124);
        List<String> mutations = IntStream.range(0, MUTATIONS)
                .mapToObj(i -> RequestMutations.next(random))
                .toList();
        List<String> clients = clients(MUTATIONS);

        List<String> faults = Cases.faults(MUTATIONS, i -> faultOfMutation(mutations.get(i), clients.get(i)));

        Map<String, List<Request>> read = readByTheApplication(Set.copyOf(clients));
        for (int i = 0; i < MUTATIONS; i++) {
            List<Request> reached = read.getOrDefault(clients.get(i), List.of());
            List<Request> asked = RequestReader.read(mutations.get(i)).requests();
            boolean areTheFirst = reached.size() <= asked.size()
                    && inAnyOrder(reached).equals(inAnyOrder(asked.subList(0, reached.size())));
            if (!areTheFirst || reached.size() != served.getOrDefault(clients.get(i), 0)) {
                faults.add(shown(mutations.get(i)) + "\n  the application read " + reached + ", of " + asked + ", and "
                        + served.get(clients.get(i)) + " were answered");
            }
        }
        assertThat(faults).isEmpty();
        assertThat(read.values().stream().mapToInt(List::size).sum())
                .as("requests that got through, so that the comparison means something")
                .isGreaterThan(MUTATIONS / 4);
        Awaitility.await("the log has as many as the application")
                .untilAsserted(() -> assertThat(logged(clients))
                        .isEqualTo(served.entrySet().stream()
                                .filter(one -> one.getValue() > 0)
                                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue))));
    }

    /** They reach the application on several connections. */
    private static List<String> inAnyOrder(List<Request> requests) {
        return requests.stream().map(Request::toString).sorted().toList();
    }

    private String faultOfMutation(String octets, String from) {
        int answered = 0;
        try (RawClient client = RawClient.connect(from, proxy.port())) {
            client.send(octets).halfClose();
            while (true) {
                RawResponse answer = client.read();
                assertThat(answer.status() == 100 || STATUSES.contains(answer.status()))
                        .as("status %s", answer.status())
                        .isTrue();
                answered += answer.status() == 200 ? 1 : 0;
            }
        } catch (EOFException | SocketException end) {
            served.put(from, answered);
            return "";
        } catch (IOException | AssertionError fault) {
            served.put(from, answered);
            return shown(octets) + "\n  " + fault;
        }
    }

    private static String shown(String octets) {
        return octets.replace("\r", "\\r").replace("\n", "\\n");
    }

    private static Map<String, Integer> logged(List<String> clients) {
        Set<String> known = Set.copyOf(clients);
        return proxy.accessLog().stream()
                .filter(line -> line.contains("\" 200 "))
                .map(line -> line.substring(0, line.indexOf(' ')))
                .filter(known::contains)
                .collect(Collectors.toMap(Function.identity(), one -> 1, Integer::sum));
    }

    /**
     * What reached the application, by whom it was sent. Each of its connections brought valid requests and nothing else,
     * the last of which may have been cut off, and all readers read the same out of them.
     */
    private static Map<String, List<Request>> readByTheApplication(Set<String> clients) throws IOException {
        Map<String, List<Request>> byClient = new ConcurrentHashMap<>();
        for (String tape : tapes()) {
            Reading strict = RequestReader.read(tape);
            assertThat(strict.fault()).as("what was sent to the application").isEmpty();
            for (Habit habit : Habit.values()) {
                assertThat(RequestReader.read(tape, habit))
                        .as("with the habit %s", habit)
                        .isEqualTo(strict);
            }
            for (Request request : strict.requests()) {
                String client = request.value("X-Forwarded-For");
                if (clients.contains(client)) {
                    byClient.computeIfAbsent(client, none -> new ArrayList<>()).add(request);
                }
            }
        }
        return byClient;
    }

    private static boolean isOnTape(String client) {
        return socket.tapes().stream().anyMatch(tape -> tape.contains(": " + client + "\r\n"));
    }

    /** Complete: each event loop has had an answer since, and what it sent before that has been read. */
    private static List<String> tapes() throws IOException {
        for (int i = 0; i < 16; i++) {
            try (RawClient client = RawClient.connect(Loopback.newClient(), proxy.port())) {
                assertThat(client.get("a.test", "/last").status()).isEqualTo(200);
            }
        }
        return socket.tapes();
    }

    private static List<String> clients(int count) {
        return IntStream.range(0, count).mapToObj(i -> Loopback.newClient()).toList();
    }
}
