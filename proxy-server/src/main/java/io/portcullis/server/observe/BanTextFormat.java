package io.portcullis.server.observe;

/** A ban in words after its time, as {@link BanText} has it. */
final class BanTextFormat implements LineFormat<BanEvent> {
    private final UtcTime time = new UtcTime();

    @Override
    public void append(BanEvent event, LineBuffer out) {
        time.append(event.millis(), out);
        BanText.append(event, out.ascii(' '));
        out.ascii('\n');
    }
}
