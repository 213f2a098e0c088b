package io.portcullis.server.cli.doctor;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The machine, as far as checks look at it; a test lays another root folder.
 *
 * @param root {@code /}
 */
public record Host(Path root) {

    private static final int CONNECT_MILLIS = 1_500;
    private static final long TOOL_MILLIS = 800;
    private static final int LONGEST = 64 * 1024;

    /** The one that this process runs on. */
    public static Host local() {
        return new Host(Path.of("/"));
    }

    /** The lines of a small file below the root; none where it cannot be read. */
    List<String> lines(String file) {
        try (var in = Files.newInputStream(root.resolve(file))) {
            return new String(in.readNBytes(LONGEST), StandardCharsets.ISO_8859_1)
                    .lines()
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** The number that is all there is in a file. */
    Optional<Long> number(String file) {
        return lines(file).stream().findFirst().flatMap(Host::numberOf);
    }

    /** What follows {@code NAME:} in a file such as {@code /proc/self/status}. */
    Optional<String> field(String file, String name) {
        return lines(file).stream()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst();
    }

    static Optional<Long> numberOf(String text) {
        String stripped = text.strip();
        return stripped.matches("[0-9]{1,18}") ? Optional.of(Long.parseLong(stripped)) : Optional.empty();
    }

    /** Why an address cannot be listened on; empty where it can. */
    Optional<String> whyNotBindable(InetAddress address, int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(address, port), 1);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** Why nothing answers at an address; empty where a connection is accepted. Resolves names, and so may block. */
    Optional<String> whyNotReachable(String host, int port) {
        try (Socket socket = new Socket()) {
            InetSocketAddress address = new InetSocketAddress(host, port);
            if (address.isUnresolved()) {
                return Optional.of("the name " + host + " does not resolve");
            }
            socket.connect(address, CONNECT_MILLIS);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** What a tool prints, where it is there, ends well and soon. */
    Optional<String> said(String... command) {
        try {
            Process tool = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .start();
            try (var answer = tool.getInputStream()) {
                if (!tool.waitFor(TOOL_MILLIS, TimeUnit.MILLISECONDS)) {
                    tool.destroyForcibly();
                    return Optional.empty();
                }
                String said = new String(answer.readNBytes(LONGEST), StandardCharsets.UTF_8).strip();
                return tool.exitValue() == 0 ? Optional.of(said) : Optional.empty();
            }
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
