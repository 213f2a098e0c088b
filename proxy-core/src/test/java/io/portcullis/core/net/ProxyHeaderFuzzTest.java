package io.portcullis.core.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.core.FuzzSeeds;
import io.portcullis.core.net.ProxyHeader.Incomplete;
import io.portcullis.core.net.ProxyHeader.Malformed;
import io.portcullis.core.net.ProxyHeader.Own;
import io.portcullis.core.net.ProxyHeader.PassedOn;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Any octets as the start of a connection. If it breaks: how a header is cut into segments decides whose connection it is,
 * or octets of the request behind it are taken for part of it.
 */
class ProxyHeaderFuzzTest {

    /** @param octets what a connection begins with */
    public static void fuzzerTestOneInput(byte[] octets) {
        ProxyHeader whole = ProxyHeader.read(octets, octets.length);
        ProxyHeader first = Incomplete.INCOMPLETE;
        int came = 0;
        while (first == Incomplete.INCOMPLETE && came < Math.min(octets.length, ProxyHeader.MAX_LENGTH + 1)) {
            came++;
            first = ProxyHeader.read(octets, came);
        }
        if (octets.length > ProxyHeader.MAX_LENGTH) {
            assertThat(first).as("beyond the bound").isNotEqualTo(Incomplete.INCOMPLETE);
        }
        // Which of several faults is told may depend on how much has come; that there is one may not.
        if (first instanceof Malformed) {
            assertThat(whole).isInstanceOf(Malformed.class);
        } else {
            assertThat(whole).isEqualTo(first);
            assertThat(length(first)).isIn(0, came);
        }
        if (first instanceof PassedOn passedOn) {
            byte[] written = ProxyHeader.write(passedOn.source(), passedOn.destination());
            PassedOn again = (PassedOn) ProxyHeader.read(written, written.length);
            assertThat(again.source()).isEqualTo(passedOn.source());
            assertThat(again.destination()).isEqualTo(passedOn.destination());
            byte[] alone = Arrays.copyOf(octets, passedOn.length());
            assertThat(ProxyHeader.read(alone, alone.length)).isEqualTo(first);
        }
    }

    /** Of the header in octets; 0 for none. */
    private static int length(ProxyHeader header) {
        if (header instanceof PassedOn passedOn) {
            return passedOn.length();
        }
        return header instanceof Own own ? own.length() : 0;
    }

    @TestFactory
    List<DynamicTest> seeds() throws IOException {
        return FuzzSeeds.replay(ProxyHeaderFuzzTest.class, ProxyHeaderFuzzTest::fuzzerTestOneInput);
    }
}
