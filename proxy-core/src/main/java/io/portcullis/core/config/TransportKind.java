package io.portcullis.core.config;

/** Which of the system's interfaces the event loops use. */
public enum TransportKind {
    AUTO,
    IO_URING,
    EPOLL,
    NIO
}
