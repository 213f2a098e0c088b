package io.portcullis.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.server.e2e.kit.ToolRun;
import io.portcullis.server.e2e.kit.Tools;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Holds the manual page that is delivered to the commands. */
class ManualPageTest {

    /** Tests run in their module's folder. */
    private static final Path PAGE = Path.of("../packaging/man/portcullis.1");

    /** If it breaks: an option is there, and nobody who reads the manual knows. */
    @Test
    void thePageHasEveryCommandAndOption() throws IOException {
        Golden.assertSame(PAGE, ManualPage.of(Commands.commandLine()));
    }

    @Test
    void manFormatsItWithoutAWarning() throws IOException {
        Tools.find("man");
        ToolRun run = ToolRun.of(
                Duration.ofSeconds(30),
                List.of("sh", "-c", "man --warnings=w -E UTF-8 -l -Tutf8 -Z " + PAGE + " 2>&1 >/dev/null"));
        assertThat(run.output()).isEmpty();
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void textThatLooksLikeARequestStaysText() {
        assertThat(ManualPage.escaped(".so /etc/passwd")).isEqualTo("\\&.so /etc/passwd");
        assertThat(ManualPage.escaped("--for=1h 'a\\b'")).isEqualTo("\\-\\-for=1h \\(aqa\\eb\\(aq");
    }
}
