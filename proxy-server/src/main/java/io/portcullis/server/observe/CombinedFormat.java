package io.portcullis.server.observe;

import org.jspecify.annotations.Nullable;

/**
 * nginx's {@code combined} format, so that whatever reads nginx's logs reads these:
 *
 * <pre>
 * $remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent"
 * </pre>
 *
 * <p>The time is the exchange's end, as nginx has it. In one point it is stricter than nginx: a blank in the user's name
 * is escaped, because that name is the only thing a stranger chooses that no quotes hold together.
 */
final class CombinedFormat implements LineFormat<AccessRecord> {
    private final SecondText time;

    CombinedFormat(LocalTimes times) {
        time = new SecondText(EnglishDates.ACCESS_LOG, second -> times.at(second * 1000));
    }

    @Override
    public void append(AccessRecord entry, LineBuffer out) {
        out.ascii(entry.client().toString()).ascii(" - ");
        String user = BasicUser.of(entry.authorization());
        if (user == null) {
            out.ascii('-');
        } else {
            out.hexEscapedWord(user);
        }
        long endMillis = entry.startMillis() + entry.durationMicros() / 1000;
        out.ascii(" [").ascii(time.at(Math.floorDiv(endMillis, 1000L))).ascii("] \"");
        appendRequest(entry, out);
        out.ascii("\" ").number(entry.status()).ascii(' ').number(entry.bytesSent());
        appendQuoted(entry.referer(), out);
        appendQuoted(entry.userAgent(), out);
        out.ascii('\n');
    }

    private static void appendRequest(AccessRecord entry, LineBuffer out) {
        if (entry.method() == null || entry.target() == null || entry.protocol() == null) {
            out.ascii('-');
            return;
        }
        out.hexEscaped(entry.method()).ascii(' ').hexEscaped(entry.target());
        out.ascii(' ').hexEscaped(entry.protocol());
    }

    private static void appendQuoted(@Nullable String field, LineBuffer out) {
        out.ascii(" \"");
        if (field == null) {
            out.ascii('-');
        } else {
            out.hexEscaped(field);
        }
        out.ascii('"');
    }
}
