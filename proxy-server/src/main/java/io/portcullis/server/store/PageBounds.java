package io.portcullis.server.store;

/** Keeps a damaged page from asking for gigabytes: running out of memory ends the process. */
final class PageBounds {

    /** Many times what MVStore puts into a page. */
    private static final int MAX_ENTRIES = 1 << 16;

    private PageBounds() {}

    static int checked(int entries) {
        if (entries < 0 || entries > MAX_ENTRIES) {
            throw new IllegalStateException("entries: " + entries + " (expected: 0 to " + MAX_ENTRIES + ")");
        }
        return entries;
    }
}
