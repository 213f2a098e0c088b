package io.portcullis.server.config;

import java.util.Collection;
import java.util.Locale;

/** Guesses what a name that is not known was meant to be. */
public final class Suggestions {

    private Suggestions() {}

    /**
     * Ends a message about an unknown name.
     *
     * @return {@code " (did you mean "max-retry"?)"} where one of the known names is near, else
     *     {@code " (expected …)"} with all of them
     */
    static String of(String given, Collection<String> known) {
        String nearest = nearest(given, known);
        if (!nearest.isEmpty()) {
            return " (did you mean \"" + nearest + "\"?)";
        }
        return known.isEmpty() ? "" : " (expected " + anyOf(known) + ")";
    }

    /** The nearest of the known names, or empty where none is near. */
    public static String nearest(String given, Collection<String> known) {
        String plain = plain(given);
        // A third of the letters wrong is still a slip; more is another word.
        int best = Math.max(1, plain.length() / 3) + 1;
        String nearest = "";
        for (String candidate : known) {
            int distance = distance(plain, plain(candidate));
            if (distance < best) {
                best = distance;
                nearest = candidate;
            }
        }
        return nearest;
    }

    /** {@code a, b or c}. */
    static String anyOf(Collection<String> names) {
        StringBuilder text = new StringBuilder();
        int left = names.size();
        for (String name : names) {
            left--;
            text.append(name).append(left > 1 ? ", " : left == 1 ? " or " : "");
        }
        return text.toString();
    }

    /** maxRetry, max_retry and fail2ban's maxretry are all max-retry. */
    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
    }

    /** The restricted Damerau-Levenshtein distance: letters added, left out, changed, or two neighbours swapped. */
    private static int distance(String a, String b) {
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                int least = Math.min(cost[i - 1][j - 1] + change, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    least = Math.min(least, cost[i - 2][j - 2] + 1);
                }
                cost[i][j] = least;
            }
        }
        return cost[a.length()][b.length()];
    }
}
