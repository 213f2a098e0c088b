package io.portcullis.server.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who can read the token's file is let in, and nobody else. */
class AdminTokenTest {

    private static final String TOKEN = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG";

    private final Path file;

    AdminTokenTest(@TempDir Path folder) {
        this.file = folder.resolve("data/admin.token");
    }

    private AdminToken readOrMake() throws IOException {
        return AdminToken.readOrMake(file, new SecureRandom());
    }

    private void write(String text, String permissions) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    /** If it breaks: any user of the machine may ban and unban. */
    @Test
    void theFirstStartMakesOneThatOnlyItsOwnerCanRead() throws IOException {
        AdminToken made = readOrMake();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        String text = AdminToken.read(file);
        assertThat(text).hasSize(43).matches("[A-Za-z0-9_-]+");
        assertThat(made.isIn("Bearer " + text)).isTrue();
    }

    /** If it breaks: a restart locks out every program that was given the token. */
    @Test
    void aRestartKeepsIt() throws IOException {
        readOrMake();
        String first = AdminToken.read(file);
        assertThat(readOrMake().isIn("Bearer " + first)).isTrue();
        assertThat(AdminToken.read(file)).isEqualTo(first);
    }

    @Test
    void twoInstallationsHaveDifferentOnes() throws IOException {
        readOrMake();
        String first = AdminToken.read(file);
        Files.delete(file);
        readOrMake();
        assertThat(AdminToken.read(file)).isNotEqualTo(first);
    }

    @Test
    void oneThatEverybodyCanReadIsRefusedWithWhatToDo() throws IOException {
        for (String permissions : new String[] {"rw-r--r--", "rw----r--", "rw-rw----", "rw-----w-"}) {
            write(TOKEN, permissions);
            assertThatThrownBy(this::readOrMake)
                    .as(permissions)
                    .isInstanceOf(IOException.class)
                    .hasMessageContainingAll("admin.token-file " + file, permissions, "chmod 600 " + file);
        }
    }

    @Test
    void theGroupMayBeLetIn() throws IOException {
        write(TOKEN + "\n", "rw-r-----");
        assertThat(readOrMake().isIn("Bearer " + TOKEN)).isTrue();
    }

    /** If it breaks: an empty token is one that everybody knows. */
    @Test
    void whatIsNoTokenIsRefused() throws IOException {
        for (String text :
                new String[] {"", "\n", "short", "two words 0123456789", "0123456789abcdef\u00e9", "x".repeat(600)}) {
            write(text, "rw-------");
            assertThatThrownBy(this::readOrMake)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("no token (expected: 16 to 512 printable ASCII characters");
        }
    }

    @Test
    void aMissingFileIsToldToWhoOnlyReads() {
        assertThatThrownBy(() -> AdminToken.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no such file (the process makes it when it starts)");
    }

    @Test
    void aFolderThatCannotBeMadeIsToldWithWhatToDo() throws IOException {
        Files.writeString(file.getParent(), "a file where the folder should be");
        assertThatThrownBy(this::readOrMake)
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll("cannot be made", "admin { bind = off }");
    }

    @Test
    void onlyTheWholeTokenInTheRightSchemeCounts() throws IOException {
        write(TOKEN, "rw-------");
        AdminToken token = readOrMake();
        assertThat(token.isIn("Bearer " + TOKEN)).isTrue();
        assertThat(token.isIn("bearer  " + TOKEN + " "))
                .as("the scheme has no case")
                .isTrue();
        for (String wrong : new String[] {
            "",
            "Bearer",
            "Bearer ",
            TOKEN,
            "Basic " + TOKEN,
            "Bearer " + TOKEN + "x",
            "Bearer " + TOKEN.substring(1),
            "Bearer " + TOKEN.toLowerCase(Locale.ROOT)
        }) {
            assertThat(token.isIn(wrong)).as(wrong).isFalse();
        }
    }
}
