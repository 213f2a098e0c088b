package io.portcullis.server.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/** Somebody on the loopback network, with an address of his own, who uses the proxy over real connections. */
final class DemoClient {

    private static final int TIMEOUT_MILLIS = 2_000;

    private final InetAddress address;
    private final InetSocketAddress proxy;

    /** @param lastByte of the client's address, 127.0.0.x */
    DemoClient(int lastByte, InetSocketAddress proxy) throws IOException {
        this.address = InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) lastByte});
        this.proxy = proxy;
    }

    InetAddress address() {
        return address;
    }

    /** Whether the system lets the client have its address. */
    boolean hasAddress() {
        try (Socket socket = new Socket()) {
            socket.bind(new InetSocketAddress(address, 0));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Asks for a page, on a connection of its own.
     *
     * @return what came back, as the story tells it: a status, or how the connection ended
     */
    String get(String serverName, String path) {
        return speak("GET " + path + " HTTP/1.1\r\nHost: " + serverName + "\r\nConnection: close\r\n\r\n");
    }

    /** Connects, sends nothing, and waits. */
    String connectAndWait() {
        return speak("");
    }

    private String speak(String request) {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.bind(new InetSocketAddress(address, 0));
            socket.connect(proxy, TIMEOUT_MILLIS);
            if (!request.isEmpty()) {
                socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            }
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            String line = in.readLine();
            in.transferTo(Writer.nullWriter()); // to the end: who hangs up in mid-answer is another story
            return line == null ? "connection closed" : line.replaceFirst("^HTTP/1\\.1 (\\d{3}).*", "$1");
        } catch (SocketTimeoutException e) {
            return "nothing, for " + TIMEOUT_MILLIS + " ms";
        } catch (SocketException e) {
            return isReset(e) ? DemoStory.RESET : String.valueOf(e.getMessage());
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** A reset that is there before the request is written shows as a broken pipe. */
    private static boolean isReset(SocketException e) {
        String message = String.valueOf(e.getMessage());
        return message.contains("reset") || message.contains("Broken pipe");
    }

    @Override
    public String toString() {
        return String.valueOf(address.getHostAddress());
    }
}
