package io.portcullis.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import org.junit.jupiter.api.Test;

class StandardOutputTest {

    private static PrintWriter failingWith(String message) {
        return StandardOutput.writer(new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                throw new IOException(message);
            }
        });
    }

    /** If it breaks: a script that saves the bans to a full disk believes that it has them. */
    @Test
    void whatCannotBeWrittenIsNoSuccess() {
        assertThatThrownBy(() -> print(failingWith("No space left on device")))
                .isInstanceOfSatisfying(OutputLost.class, lost -> {
                    assertThat(lost.isBrokenPipe()).isFalse();
                    assertThat(lost.exitCode()).isEqualTo(ExitCode.NOT_SO);
                })
                .hasMessage("stdout cannot be written: No space left on device");
    }

    @Test
    void aReaderThatHasSeenEnoughEndsTheCommandAsItEndsOthers() {
        assertThatThrownBy(() -> print(failingWith("Broken pipe"))).isInstanceOfSatisfying(OutputLost.class, lost -> {
            assertThat(lost.isBrokenPipe()).isTrue();
            assertThat(lost.exitCode()).isEqualTo(141);
        });
    }

    private static void print(PrintWriter writer) {
        writer.println("192.0.2.1");
        writer.flush();
    }
}
