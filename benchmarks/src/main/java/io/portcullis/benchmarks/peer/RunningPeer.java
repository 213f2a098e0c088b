package io.portcullis.benchmarks.peer;

import io.portcullis.benchmarks.process.ChildProcess;
import io.portcullis.benchmarks.result.Usage;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** A proxy that runs, with all processes that belong to it, until this is closed. */
public final class RunningPeer implements AutoCloseable {

    /** 10,000 hosts on a busy machine take their time. */
    private static final Duration TO_ANSWER = Duration.ofMinutes(2);

    private final Peer peer;
    private final Configuration configuration;
    private final List<ChildProcess> processes;
    private final long launched;
    private Duration toFirstAnswer = Duration.ZERO;

    /** @param launched when that was, by {@link System#nanoTime} */
    RunningPeer(Peer peer, Configuration configuration, List<ChildProcess> processes, long launched) {
        this.peer = peer;
        this.configuration = configuration;
        this.processes = List.copyOf(processes);
        this.launched = launched;
    }

    public String name() {
        return peer.name();
    }

    /** Where it takes plain HTTP, on 127.0.0.1. */
    public int port() {
        return configuration.port();
    }

    /** Where it takes TLS, with HTTP/1.1 and HTTP/2. */
    public int tlsPort() {
        return configuration.tlsPort();
    }

    /** How long it was from its start until the application's first answer came through. */
    public Duration toFirstAnswer() {
        return toFirstAnswer;
    }

    /** How many bans are in force. */
    public long bansInForce() throws IOException {
        return peer.bansInForce(configuration);
    }

    /** What all its processes have used since their start. */
    public Usage usage() throws IOException {
        checkAlive();
        return ProcessUsage.of(family().map(ProcessHandle::pid).toList());
    }

    /** Waits until the application's answer comes through. */
    void awaitFirstAnswer() throws IOException {
        FirstAnswer answer = new FirstAnswer(port(), Setup.host(0));
        long until = launched + TO_ANSWER.toNanos();
        while (!answer.came()) {
            checkAlive();
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException(name() + ": interrupted while waiting for its first answer");
            }
            if (System.nanoTime() - until > 0) {
                throw new IOException(name() + " gave no 200 within " + TO_ANSWER.toSeconds() + " s of its start: "
                        + answer.instead());
            }
        }
        toFirstAnswer = Duration.ofNanos(System.nanoTime() - launched);
    }

    private void checkAlive() throws IOException {
        for (ChildProcess process : processes) {
            if (!process.isAlive()) {
                int exit = process.awaitEnd(TO_ANSWER);
                throw new IOException(name() + " ended by itself, with " + exit + ": " + process.complaints());
            }
        }
    }

    @Override
    public void close() {
        List<ProcessHandle> family = family().toList();
        processes.forEach(ChildProcess::close);
        // Those whose parent was ended the hard way.
        family.forEach(ProcessHandle::destroyForcibly);
    }

    private Stream<ProcessHandle> family() {
        return processes.stream()
                .flatMap(process -> ProcessHandle.of(process.pid()).stream())
                .flatMap(process -> Stream.concat(Stream.of(process), process.descendants()));
    }
}
