package io.portcullis.benchmarks.load.generator;

import io.netty.channel.EventLoop;
import io.portcullis.benchmarks.load.Target;
import java.util.List;
import java.util.stream.IntStream;

/** Makes the work of each kind from what was said: its requests, its connections, and who decides when they are sent. */
final class Works {

    private static final int SMALL_READS = 8 * 1_024;
    private static final int LARGE_READS = 256 * 1_024;
    /** Of RFC 6455, section 1.3: any sixteen octets would do. */
    private static final String UPGRADE = """
            Connection: Upgrade\r
            Upgrade: websocket\r
            Sec-WebSocket-Version: 13\r
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
            """;

    private final LoadOptions options;
    private final EventLoop loop;

    private Works(LoadOptions options, EventLoop loop) {
        this.options = options;
        this.loop = loop;
    }

    static Work of(LoadOptions options, EventLoop loop) {
        return new Works(options, loop).work();
    }

    private Work work() {
        return switch (options.kind()) {
            case CLOSED -> new ClosedLoop(dialer(SMALL_READS), options, gets(""));
            case OPEN -> new OpenLoop(dialer(SMALL_READS), options, gets(""));
            case CONNECT -> new ConnectLoop(dialer(SMALL_READS), options, gets("Connection: close\r\n"));
            case DOWNLOAD -> new ClosedLoop(dialer(LARGE_READS), options, gets(""));
            case UPLOAD -> new ClosedLoop(dialer(SMALL_READS), options, posts());
            case IDLE -> new IdleCrowd(dialer(SMALL_READS), options, gets(""));
            case WEBSOCKET -> new EchoLoop(dialer(SMALL_READS), options, gets(UPGRADE));
            case FLOOD -> new Flood(dialer(SMALL_READS), options, gets(""));
            case LEAK -> new Leak(dialer(SMALL_READS), options, gets(""));
            case STORM -> new Storm(dialer(SMALL_READS), options, new StormRequests(head("GET", 0, "")));
        };
    }

    private Dialer dialer(int readBuffer) {
        return new Dialer(loop, options, readBuffer);
    }

    private Requests gets(String fields) {
        int hosts = options.texts(Option.HOSTS).isEmpty() ? 1 : options.count(Option.HOSTS);
        List<String> heads = IntStream.range(0, hosts)
                .mapToObj(number -> head("GET", number, fields))
                .toList();
        return new HeadRequests(heads, 0);
    }

    private Requests posts() {
        int size = options.count(Option.SIZE);
        String head = head("POST", 0, "Content-Type: application/octet-stream\r\nContent-Length: " + size + "\r\n");
        return new HeadRequests(List.of(head), size);
    }

    private String head(String method, int number, String fields) {
        Target target = options.target();
        StringBuilder head = new StringBuilder(method)
                .append(' ')
                .append(options.text(Option.PATH))
                .append(" HTTP/1.1\r\nHost: ")
                .append(target.hostName(number))
                .append("\r\n");
        options.texts(Option.HEADER).forEach(header -> head.append(header).append("\r\n"));
        return head.append(fields).append("\r\n").toString();
    }
}
