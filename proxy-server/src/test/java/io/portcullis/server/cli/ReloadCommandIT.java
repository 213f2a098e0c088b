package io.portcullis.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.server.e2e.kit.ProxyUnderTest;
import io.portcullis.server.e2e.kit.RecordingApplication;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code reload} as operators and their scripts type it. */
class ReloadCommandIT {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private RecordingApplication application;
    private ProxyUnderTest proxy;

    @BeforeEach
    void start(@TempDir Path directory) throws IOException {
        application = RecordingApplication.start("app");
        proxy = ProxyUnderTest.in(directory)
                .host("shop", "shop.test", application, "")
                .start();
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        application.close();
    }

    private int reload(String... more) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        CommandLine commandLine = Commands.commandLine();
        commandLine.setOut(new PrintWriter(out, true));
        commandLine.setErr(new PrintWriter(err, true));
        String[] args = new String[5 + more.length];
        args[0] = "reload";
        args[1] = "-c";
        args[2] = proxy.configFile().toString();
        args[3] = "--admin";
        args[4] = "127.0.0.1:" + proxy.adminPort();
        System.arraycopy(more, 0, args, 5, more.length);
        return commandLine.execute(args);
    }

    /** If it breaks: a deployment script goes on after a reload that was refused, or its author cannot see why. */
    @Test
    void saysWhatHasChangedAndWhatIsWrongInWordsAndByTheExitCode() throws IOException {
        assertThat(reload()).as(err.toString()).isEqualTo(ExitCode.DONE);
        assertThat(out.toString()).matches("reloaded in \\d+ ms: nothing has changed\n");

        Files.writeString(
                proxy.hostFile("blog"), "server-names = [\"blog.test\"]\nupstream = \"" + application.url() + "\"\n");
        assertThat(reload()).isEqualTo(ExitCode.DONE);
        assertThat(out.toString()).matches("reloaded in \\d+ ms\n  host blog added\n");
        assertThat(err.toString()).isEmpty();

        Files.writeString(proxy.hostFile("blog"), "server-names = [\"blog.test\"]\nupstreem = \"x\"\n");
        assertThat(reload()).isEqualTo(ExitCode.NOT_SO);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString())
                .contains("blog.conf:2: upstreem: ", "\nnot reloaded: ", "; the configuration in force goes on\n");
        assertThat(reload("--json")).isEqualTo(ExitCode.NOT_SO);
        assertThat(out.toString())
                .startsWith("{")
                .contains("\"applied\":false", "\"line\":2")
                .endsWith("}\n");
        assertThat(err.toString()).isEmpty();
    }

    /** If it breaks: a script takes a process that is not there for one that has reloaded. */
    @Test
    void aProcessThatDoesNotAnswerIsToldByItsOwnExitCode() throws IOException {
        proxy.close();
        assertThat(reload()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(err.toString()).contains("no Portcullis answers");
    }
}
