package io.portcullis.benchmarks;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Holds the harness to its directions: what was found and how processes run know nothing; application, load, peers and
 * report know nothing of each other; scenarios bring them together, and the harness runs scenarios.
 */
class ArchitectureTest {

    private static final String ROOT = "io.portcullis.benchmarks.";

    /** What each package may use of its siblings. */
    private static final Map<String, List<String>> ALLOWED = Map.of(
            "result", List.of(),
            "process", List.of(),
            "http", List.of(),
            "application", List.of("process", "http"),
            "load", List.of("process", "http"),
            "peer", List.of("process", "result"),
            "report", List.of("result"),
            "scenario", List.of("process", "result", "application", "load", "peer"),
            "harness", List.of("process", "result", "application", "peer", "report", "scenario"),
            "jmh", List.of());

    /** Once: to read them, and what they use of the libraries, takes seconds. */
    private static final JavaClasses BENCHMARKS = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.portcullis.benchmarks");

    @Test
    void packagesUseOnlyThoseBelowThem() {
        ALLOWED.forEach((name, allowed) -> {
            String[] forbidden = ALLOWED.keySet().stream()
                    .filter(other -> !other.equals(name) && !allowed.contains(other))
                    .map(other -> ROOT + other + "..")
                    .toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage(ROOT + name + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(forbidden)
                    .check(BENCHMARKS);
        });
    }

    @Test
    void everyPackageHasItsPlaceInTheDirections() {
        String[] known =
                ALLOWED.keySet().stream().map(name -> ROOT + name + "..").toArray(String[]::new);
        classes().should().resideInAnyPackage(known).check(BENCHMARKS);
    }

    @Test
    void noTwoPackagesNeedEachOther() {
        slices().matching(ROOT + "(**)").should().beFreeOfCycles().check(BENCHMARKS);
    }

    /** The load measures the proxy from outside: what it shares with it would be wrong in both, or fast in both. */
    @Test
    void onlyTheCommandIsSharedWithTheProxy() {
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT + "harness..", ROOT + "jmh..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.portcullis.server..")
                .check(BENCHMARKS);
    }
}
