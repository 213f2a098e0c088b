package io.portcullis.benchmarks.report;

import io.portcullis.benchmarks.result.GoalResult;
import io.portcullis.benchmarks.result.GoalResult.Outcome;
import java.util.List;

/** How many goals ended how, in words: {@code 9 of 12 met, 2 missed, 1 not measured}. */
final class GoalCount {

    private GoalCount() {}

    static String of(List<GoalResult> goals) {
        StringBuilder text = new StringBuilder();
        text.append(count(goals, Outcome.MET))
                .append(" of ")
                .append(goals.size())
                .append(" met");
        for (Outcome outcome : List.of(Outcome.MISSED, Outcome.NOT_MEASURED)) {
            long count = count(goals, outcome);
            if (count > 0) {
                text.append(", ").append(count).append(' ').append(HtmlReport.word(outcome));
            }
        }
        return text.toString();
    }

    private static long count(List<GoalResult> goals, Outcome outcome) {
        return goals.stream().filter(goal -> goal.outcome() == outcome).count();
    }
}
