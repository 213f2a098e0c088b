package io.portcullis.benchmarks.harness;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.server.cli.BenchOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchTest {

    /** If it breaks: the report of an hour's run is lost at its end. */
    @Test
    void anOutputThatCannotBeWrittenIsToldBeforeAnythingIsMeasured(@TempDir Path folder) throws IOException {
        Path file = Files.createFile(folder.resolve("taken"));
        StringWriter err = new StringWriter();

        int exit = new Bench().run(options(file), new PrintWriter(Writer.nullWriter()), new PrintWriter(err));

        assertThat(exit).isEqualTo(2);
        assertThat(err)
                .hasToString("portcullis: --output: " + file + ": nothing can be written there: " + file
                        + ": is no folder (expected: a folder that you may write to, or one that can be made)\n");
    }

    private static BenchOptions options(Path output) {
        return new BenchOptions(List.of(), List.of(), true, OptionalInt.empty(), OptionalInt.empty(), output, false);
    }
}
