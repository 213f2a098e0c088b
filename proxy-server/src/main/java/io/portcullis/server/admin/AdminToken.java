package io.portcullis.server.admin;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;

/**
 * The word that whoever speaks to the admin API must know (RFC 6750), kept in a file: who can read the file is let in.
 *
 * <p>One that every user of the machine can read keeps nobody out, so it is refused rather than used.
 */
public final class AdminToken {

    private static final int BYTES = 32;
    private static final int SHORTEST = 16;
    private static final int LONGEST = 512;
    private static final String SCHEME = "bearer ";

    private final byte[] expected;

    private AdminToken(String token) {
        this.expected = token.getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * The token in the file; where there is no file it is made, with its folder. Blocks.
     *
     * @throws IOException if it can be neither read nor made, or protects nothing; the message says what to do
     */
    public static AdminToken readOrMake(Path file, SecureRandom random) throws IOException {
        if (!Files.exists(file)) {
            make(file, random);
        }
        return new AdminToken(read(file));
    }

    /**
     * The token's text, for who speaks to the API. Blocks.
     *
     * @throws IOException if it cannot be read, or protects nothing; the message says what to do
     */
    public static String read(Path file) throws IOException {
        String token;
        try {
            refuseIfEverybodyCanRead(file);
            byte[] bytes;
            try (var in = Files.newInputStream(file)) {
                bytes = in.readNBytes(LONGEST + 1);
            }
            token = new String(bytes, StandardCharsets.ISO_8859_1).strip();
        } catch (NoSuchFileException e) {
            throw new IOException(
                    "admin.token-file " + file + ": no such file (the process makes it when it starts)", e);
        } catch (AccessDeniedException e) {
            throw new IOException(
                    "admin.token-file " + file
                            + ": permission denied (expected: the user that Portcullis runs as, or root)",
                    e);
        }
        boolean isToken = token.chars().allMatch(c -> c > ' ' && c <= '~');
        if (!isToken || token.length() < SHORTEST || token.length() > LONGEST) {
            throw new IOException(
                    "admin.token-file " + file + ": no token (expected: " + SHORTEST + " to " + LONGEST
                            + " printable ASCII characters in one line; delete the file to have a new one made at the next start)");
        }
        return token;
    }

    private static void refuseIfEverybodyCanRead(Path file) throws IOException {
        if (!isPosix(file)) {
            return;
        }
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        if (permissions.contains(PosixFilePermission.OTHERS_READ)
                || permissions.contains(PosixFilePermission.OTHERS_WRITE)
                || permissions.contains(PosixFilePermission.GROUP_WRITE)) {
            throw new IOException("admin.token-file " + file + ": mode " + PosixFilePermissions.toString(permissions)
                    + " lets others than its owner "
                    + (permissions.contains(PosixFilePermission.OTHERS_READ) ? "read" : "write")
                    + " it (expected rw------- or rw-r-----): chmod 600 " + file
                    + ", or delete it to have a new one made at the next start");
        }
    }

    /** Readable by the owner alone from its first byte on. */
    private static void make(Path file, SecureRandom random) throws IOException {
        byte[] secret = new byte[BYTES];
        random.nextBytes(secret);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
        try {
            makeFolder(file);
            Files.createFile(file, ownerOnly(file));
        } catch (FileAlreadyExistsException another) {
            return; // another process that started at the same time: its token is as good
        } catch (IOException e) {
            throw cannotMake(file, e);
        }
        try {
            Files.writeString(file, token + "\n", StandardOpenOption.WRITE);
        } catch (IOException e) {
            Files.deleteIfExists(file); // half a token would be refused at every start
            throw cannotMake(file, e);
        }
    }

    private static void makeFolder(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        try {
            if (folder != null && !Files.isDirectory(folder)) {
                Files.createDirectories(folder);
            }
        } catch (FileAlreadyExistsException e) {
            throw new IOException(folder + " is no folder", e);
        }
    }

    private static IOException cannotMake(Path file, IOException e) {
        String reason = e instanceof AccessDeniedException ? "permission denied: " + e.getMessage() : e.toString();
        return new IOException(
                "admin.token-file " + file + " cannot be made: " + reason
                        + " (expected a folder that this process can write to, or admin { bind = off })",
                e);
    }

    private static FileAttribute<?>[] ownerOnly(Path file) {
        return isPosix(file)
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    private static boolean isPosix(Path file) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    /**
     * Whether a field {@code Authorization} has it. Takes as long for a token that is nearly right as for one that is
     * not: who measures it learns nothing of the token but its length.
     */
    boolean isIn(String authorization) {
        return authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                && MessageDigest.isEqual(
                        expected,
                        authorization.substring(SCHEME.length()).strip().getBytes(StandardCharsets.UTF_8));
    }
}
