package io.portcullis.server.e2e;

import java.util.SplittableRandom;

/** Valid requests with a few octets changed, where servers read differently: at framing fields, line ends, chunks. */
final class RequestMutations {

    private static final String[] SEEDS = {
        "GET /a?b=c HTTP/1.1\r\nHost: a.test\r\nAccept: */*\r\n\r\n",
        "POST /p HTTP/1.1\r\nHost: a.test\r\nContent-Length: 11\r\nX-A: a\r\n\r\nhello world",
        "PUT /p HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=\"y\"\r\n world\r\n0\r\n\r\n",
        "POST /t HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\nTrailer: X\r\n\r\n3\r\nabc\r\n0\r\nX: 1\r\n\r\n",
        "GET http://a.test/b HTTP/1.1\r\nHost: a.test\r\nConnection: keep-alive, x\r\n\r\n",
        "POST /0 HTTP/1.0\r\nHost: a.test\r\nConnection: keep-alive\r\nContent-Length: 3\r\n\r\nabc",
        "GET /u HTTP/1.1\r\nHost: a.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
        "POST /e HTTP/1.1\r\nHost: a.test\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nabc",
    };

    private static final String HIDDEN = "GET /hidden HTTP/1.1\r\nHost: a.test\r\n\r\n";

    private static final String[] PIECES = {
        "\r",
        "\n",
        "\r\n",
        "\r\n\r\n",
        "\n\n",
        " ",
        "\t",
        "\0",
        "\u000b",
        "\u0085",
        "\u00a0",
        "\u00ff",
        "\u007f",
        ":",
        ";",
        ",",
        "\"",
        "\\",
        "0",
        "5",
        "-1",
        "+1",
        "0x",
        "1e1",
        "ffffffff",
        "_",
        "#",
        "/../",
        "%00",
        "http://",
        "*",
        " folded\r\n",
        "Content-Length: 3\r\n",
        "content-length:4\r\n",
        "Content-Length : 0\r\n",
        "Content_Length: 3\r\n",
        "Transfer-Encoding: chunked\r\n",
        "transfer-encoding: gzip, chunked\r\n",
        "Transfer-Encoding:\tchunked\r\n",
        "Transfer-Encoding: identity\r\n",
        "Host: b.test\r\n",
        "X : y\r\n",
        "Connection: close\r\n",
        "Connection: host\r\n",
        "HTTP/1.0",
        "HTTP/1.1",
        "HTTP/1.2",
        "GET / HTTP/1.1\r\n",
        "0\r\n\r\n",
        "5\r\n",
        "chunked",
        HIDDEN
    };

    private RequestMutations() {}

    static String next(SplittableRandom random) {
        StringBuilder octets = new StringBuilder(SEEDS[random.nextInt(SEEDS.length)]);
        if (random.nextInt(3) == 0) {
            octets.append(SEEDS[random.nextInt(SEEDS.length)]);
        }
        octets.append(HIDDEN);
        for (int changes = random.nextInt(3); changes >= 0; changes--) {
            mutate(octets, random);
        }
        return octets.toString();
    }

    private static void mutate(StringBuilder octets, SplittableRandom random) {
        int at = random.nextInt(octets.length());
        String piece = PIECES[random.nextInt(PIECES.length)];
        switch (random.nextInt(5)) {
            case 0 -> octets.setCharAt(at, (char) random.nextInt(256));
            case 1 -> octets.insert(at, piece);
            case 2 -> octets.delete(at, Math.min(octets.length() - 1, at + 1 + random.nextInt(6)));
            case 3 -> octets.insert(octets.lastIndexOf("\n", at) + 1, piece);
            default -> octets.insert(at, octets.substring(at, Math.min(octets.length(), at + random.nextInt(30))));
        }
    }
}
