package io.portcullis.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What scripts and people learn from {@code check}. */
final class CheckCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @BeforeEach
    void oneVirtualHost() throws IOException {
        Files.createDirectories(folder.resolve("hosts.d"));
        Files.writeString(
                folder.resolve("hosts.d/shop.conf"),
                "server-names = [\"shop.example\"]\nlisteners = [http]\nupstream = \"http://127.0.0.1:8080\"\n");
    }

    @Test
    void aWarningIsToldAndStopsNoDeployment() throws IOException {
        int exitCode = check("listeners { http { bind = \"127.0.0.1:80\", http2 = true, proxy-protocol = true } }");

        assertThat(exitCode).isEqualTo(ExitCode.DONE);
        assertThat(err.toString())
                .startsWith(
                        folder.resolve("portcullis.conf")
                                + ":1: portcullis.listeners.http.proxy-protocol: warning: true, and nobody's header is believed")
                .hasLineCount(1);
        assertThat(out.toString()).contains("is valid", "listener http  127.0.0.1:80  HTTP/2  PROXY protocol");
    }

    @Test
    void aProblemLeavesNoSummaryThatCouldBeTakenForConsent() throws IOException {
        int exitCode = check("listeners { http { bind = \"127.0.0.1:80\", http2 = perhaps, proxy-protocol = true } }");

        assertThat(exitCode).isEqualTo(ExitCode.NOT_SO);
        assertThat(err.toString())
                .contains("http.http2: \"perhaps\" is neither")
                .contains("is refused: 1 problem");
        assertThat(out.toString()).isEmpty();
    }

    private int check(String main) throws IOException {
        Path file = folder.resolve("portcullis.conf");
        Files.writeString(file, "portcullis { " + main + " }\n");
        CommandLine commandLine = Commands.commandLine();
        commandLine.setOut(new PrintWriter(out, true));
        commandLine.setErr(new PrintWriter(err, true));
        return commandLine.execute("check", "-c", file.toString());
    }
}
