package io.portcullis.benchmarks.harness;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The order of a round: each begins with another one, so that nobody is always first, or always behind the same other. */
final class Rotation {

    private Rotation() {}

    /** @param round from 1 */
    static <T> List<T> of(List<T> items, int round) {
        List<T> order = new ArrayList<>(items);
        Collections.rotate(order, 1 - round);
        return order;
    }
}
