package io.portcullis.benchmarks.load.generator;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StormRequestsTest {

    @Test
    void namesAnotherClientInEachRequestSinceAStormOfOneClientIsNone() {
        StormRequests requests = new StormRequests("GET / HTTP/1.1\r\nHost: a\r\n\r\n", 0);
        ByteBuf view = requests.view();
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 600; i++) {
            requests.next(view);
            seen.add(view.toString(StandardCharsets.US_ASCII));
        }
        view.release();
        assertThat(seen)
                .hasSize(600)
                .contains("GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 11.0.0.0\r\n\r\n")
                .contains("GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 11.0.2.87\r\n\r\n")
                .contains("GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 11.0.1.255\r\n\r\n");
    }

    /** The clients of the lead-in are banned when the round begins: in their names nobody would be banned anew. */
    @Test
    void theNextProcessHasOtherClients() {
        assertThat(firstOf(4711)).isNotEqualTo(firstOf(4712));
    }

    private static String firstOf(long process) {
        StormRequests requests = new StormRequests("GET / HTTP/1.1\r\n\r\n", process);
        ByteBuf view = requests.view();
        requests.next(view);
        String first = view.toString(StandardCharsets.US_ASCII);
        view.release();
        return first;
    }
}
