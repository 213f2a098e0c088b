package io.portcullis.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the server to the directions of its packages: whoever reads one needs to know only those below it. */
class ArchitectureTest {
    private static final String ROOT = "io.portcullis.server.";

    /** From the ground up; packages of one layer do not know each other. */
    private static final List<List<String>> LAYERS = List.of(
            List.of("tls", "store", "observe", "http1", "http2"),
            List.of("config", "upstream"),
            List.of("exchange"),
            List.of("listener"),
            List.of("admin"),
            List.of("runtime"),
            List.of("cli"));

    private static final JavaClasses SHIPPED = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.portcullis.server");

    private static String[] patterns(Stream<String> packages) {
        return packages.map(name -> ROOT + name + "..").toArray(String[]::new);
    }

    @Test
    void dependenciesPointDownOnly() {
        for (int layer = 0; layer < LAYERS.size(); layer++) {
            List<String> above = LAYERS.subList(layer, LAYERS.size()).stream()
                    .flatMap(List::stream)
                    .toList();
            for (String name : LAYERS.get(layer)) {
                noClasses()
                        .that()
                        .resideInAPackage(ROOT + name + "..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(patterns(above.stream().filter(other -> !other.equals(name))))
                        .allowEmptyShould(true)
                        .check(SHIPPED);
            }
        }
    }

    @Test
    void everyClassHasItsPlaceInALayer() {
        classes()
                .should()
                .resideInAnyPackage(patterns(LAYERS.stream().flatMap(List::stream)))
                .check(SHIPPED);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.portcullis.server.(**)").should().beFreeOfCycles().check(SHIPPED);
    }

    @Test
    void stdoutAndStderrBelongToTheCommands() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "cli..")
                .should(ACCESS_STANDARD_STREAMS)
                .check(SHIPPED);
    }

    @Test
    void nothingSleepsNeitherOnAnEventLoopNorInATest() {
        JavaClasses withTests = new ClassFileImporter().importPackages("io.portcullis.server");
        noClasses()
                .should()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callMethod(Thread.class, "sleep", long.class, int.class)
                .check(withTests);
    }
}
