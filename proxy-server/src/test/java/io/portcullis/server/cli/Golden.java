package io.portcullis.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Text that is kept in a file, so that whoever changes it sees what readers will see. */
final class Golden {

    private static final String WRITE = "golden.write";

    private Golden() {}

    /** With {@code -Dgolden.write=true} the file is written instead: look at the difference before committing it. */
    static void assertSame(Path file, String text) throws IOException {
        if (Boolean.getBoolean(WRITE)) {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(file, text);
        }
        assertThat(text)
                .as("%s; if the change is meant: mvn test -Dtest=HelpTest,ManualPageTest -D%s=true", file, WRITE)
                .isEqualTo(Files.readString(file));
    }
}
