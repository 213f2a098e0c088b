package io.portcullis.core.http;

import java.util.BitSet;

/** An immutable set of HTTP status codes, 100 to 599. */
public final class StatusSet {

    private static final int FIRST = 100;
    private static final int LAST = 599;

    /** Every status. */
    public static final StatusSet ANY = new Builder().addRange(FIRST, LAST).build();

    private final BitSet codes;

    private StatusSet(BitSet codes) {
        this.codes = codes;
    }

    /** Codes outside 100 to 599 are in no set. */
    public boolean contains(int status) {
        return status >= 0 && codes.get(status);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof StatusSet set && codes.equals(set.codes);
    }

    @Override
    public int hashCode() {
        return codes.hashCode();
    }

    @Override
    public String toString() {
        return equals(ANY) ? "any" : codes.toString();
    }

    /** Collects codes and classes. */
    public static final class Builder {
        private final BitSet codes = new BitSet(LAST + 1);

        /** @throws IllegalArgumentException if it is not 100 to 599 */
        public Builder add(int status) {
            return addRange(status, status);
        }

        /**
         * Adds {@code 1xx} to {@code 5xx}.
         *
         * @param firstDigit 1 to 5
         */
        public Builder addClass(int firstDigit) {
            return addRange(firstDigit * 100, firstDigit * 100 + 99);
        }

        private Builder addRange(int first, int last) {
            if (first < FIRST || last > LAST) {
                throw new IllegalArgumentException("status: " + first + " (expected: 100 to 599)");
            }
            codes.set(first, last + 1);
            return this;
        }

        public StatusSet build() {
            return new StatusSet((BitSet) codes.clone());
        }
    }
}
