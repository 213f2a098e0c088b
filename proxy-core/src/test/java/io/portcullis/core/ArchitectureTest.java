package io.portcullis.core;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Holds the core to the directions of the design: {@code net <- http <- config <- route | upstream | ban}, and to being
 * decisions only, without sockets, files and clocks. What decides stays testable without the world around it.
 */
final class ArchitectureTest {

    private static final String ROOT = "io.portcullis.core.";

    /** What each package may use of its siblings. */
    private static final Map<String, List<String>> ALLOWED = Map.of(
            "net", List.of(),
            "http", List.of("net"),
            "config", List.of("net", "http"),
            "route", List.of("net", "http", "config"),
            "upstream", List.of("net", "http", "config"),
            "ban", List.of("net", "http", "config"));

    private static final JavaClasses CORE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.portcullis.core");

    @Test
    void packagesUseOnlyThoseBelowThem() {
        ALLOWED.forEach((name, allowed) -> {
            String[] forbidden = ALLOWED.keySet().stream()
                    .filter(other -> !other.equals(name) && !allowed.contains(other))
                    .map(other -> ROOT + other + "..")
                    .toArray(String[]::new);
            check(noClasses()
                    .that()
                    .resideInAPackage(ROOT + name + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(forbidden));
        });
    }

    @Test
    void everyPackageHasItsPlaceInTheDirections() {
        check(noClasses()
                .should()
                .resideOutsideOfPackages(ALLOWED.keySet().stream()
                        .map(name -> ROOT + name + "..")
                        .toArray(String[]::new)));
    }

    @Test
    void packagesFormNoCycle() {
        check(slices().matching(ROOT + "(*)..").should().beFreeOfCycles());
    }

    @Test
    void theCoreSpeaksToNothingOutside() {
        check(noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.netty..", "com.typesafe..", "java.nio.channels..", "java.nio.file.attribute..", "java.io..")
                .because("the core opens no socket and no file"));
        check(noClasses()
                .should()
                .dependOnClassesThat(anyOf(
                        "java.nio.file.Files",
                        "java.net.Socket",
                        "java.net.ServerSocket",
                        "java.net.DatagramSocket",
                        "java.net.URLConnection",
                        "java.net.http.HttpClient")));
    }

    @Test
    void theCoreReadsNoClock() {
        check(noClasses().should().callMethod(System.class, "currentTimeMillis"));
        check(noClasses().should().callMethod(System.class, "nanoTime"));
        check(noClasses().should().callMethod(Instant.class, "now"));
        check(noClasses().should().callMethod(Instant.class, "now", Clock.class));
        check(noClasses().should().callMethod(InstantSource.class, "system"));
        check(noClasses().should().dependOnClassesThat().areAssignableTo(Clock.class));
    }

    @Test
    void theCoreTakesItsRandomnessFromOutside() {
        check(noClasses().should().callConstructor(Random.class));
        check(noClasses()
                .should()
                .dependOnClassesThat(anyOf("java.security.SecureRandom", "java.util.concurrent.ThreadLocalRandom")));
        check(noClasses().should().callMethod(Math.class, "random"));
    }

    @Test
    void theCoreAsksNoResolver() {
        check(noClasses().should().callMethod(InetAddress.class, "getByName", String.class));
        check(noClasses().should().callMethod(InetAddress.class, "getAllByName", String.class));
        check(noClasses().should().callMethod(InetAddress.class, "getHostName"));
        check(noClasses().should().callMethod(InetAddress.class, "getCanonicalHostName"));
    }

    private void check(ArchRule rule) {
        rule.check(CORE);
    }

    private static DescribedPredicate<JavaClass> anyOf(String... names) {
        List<String> forbidden = List.of(names);
        return DescribedPredicate.describe("are any of " + forbidden, type -> forbidden.contains(type.getName()));
    }
}
