package io.portcullis.server.cli.doctor;

import io.portcullis.server.cli.doctor.Finding.Severity;
import java.util.ArrayList;
import java.util.List;

/** Where one check says what it found. */
final class Findings {

    private final String check;
    private final List<Finding> found = new ArrayList<>();

    Findings(String check) {
        this.check = check;
    }

    void ok(String what) {
        found.add(new Finding(Severity.OK, check, what, ""));
    }

    void warn(String what, String advice) {
        found.add(new Finding(Severity.WARN, check, what, advice));
    }

    void problem(String what, String advice) {
        found.add(new Finding(Severity.PROBLEM, check, what, advice));
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    List<Finding> found() {
        return List.copyOf(found);
    }
}
