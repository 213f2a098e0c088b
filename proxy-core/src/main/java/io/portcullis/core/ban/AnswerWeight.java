package io.portcullis.core.ban;

/**
 * How many offences an answer is, as the application that gave it says in its verdict header.
 *
 * @param offences 0 for none at all; {@link #NOW} to ban at once
 */
public record AnswerWeight(int offences) {

    /** More offences than any jail takes. */
    public static final int NOW = Integer.MAX_VALUE;

    /** The application has not said anything. */
    public static final AnswerWeight UNSAID = new AnswerWeight(-1);

    public boolean isSaid() {
        return offences >= 0;
    }
}
