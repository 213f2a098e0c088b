package io.portcullis.server.observe.metrics;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Numbers that one thread counts and others read.
 *
 * <p>The writer reads its own value plainly and stores the next one opaquely (JLS 17, JEP 193): on the processors there
 * are, two ordinary moves, with nothing that waits for another core. Who reads sees each number whole, and in time; two of
 * them need not fit each other to the last exchange.
 */
final class Cells {

    /** Keeps the writers of two objects that lie side by side out of each other's cache lines; two lines of 64 bytes. */
    private static final int PADDING = 16;

    private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] cells;

    Cells(int count) {
        cells = new long[PADDING + count];
    }

    /** By the one writer. */
    void add(int cell, long more) {
        CELL.setOpaque(cells, PADDING + cell, cells[PADDING + cell] + more);
    }

    /** By the one writer. */
    void set(int cell, long value) {
        CELL.setOpaque(cells, PADDING + cell, value);
    }

    /** By anybody. */
    long get(int cell) {
        return (long) CELL.getOpaque(cells, PADDING + cell);
    }
}
