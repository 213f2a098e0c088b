package io.portcullis.benchmarks.result;

/**
 * Whether a goal was reached.
 *
 * @param scenario the id of the scenario whose figures decide
 * @param goal which figure
 * @param wanted such as {@code at most 0.85 of nginx's}
 * @param measured such as {@code 0.81 of nginx's (0.79 to 0.84)}; why not, where nothing was
 */
public record GoalResult(String scenario, String goal, String wanted, String measured, Outcome outcome) {

    /** How it ended. */
    public enum Outcome {
        MET,
        MISSED,
        NOT_MEASURED
    }
}
