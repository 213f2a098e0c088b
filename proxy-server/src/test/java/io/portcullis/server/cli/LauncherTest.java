package io.portcullis.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher in a tree of its own, with JDKs and a Maven that only tell how they were called. */
class LauncherTest {
    /** A JDK newer than any that may be installed where the test runs. */
    private static final String NEWEST = "99";

    private static final String JAR = "proxy-server/target/portcullis/lib/portcullis-server-1.jar";

    private static final String BENCH_JAR = "benchmarks/target/bench/portcullis-benchmarks-1.jar";

    private static final String WITHOUT_PROFILES = "-XX:-AOTRecordTraining";

    private record Outcome(int exitCode, String out, String err, long pid) {
        List<String> arguments() {
            return out.lines().toList();
        }
    }

    private final Path folder;
    private final Path home;
    private final Path launcher;
    /** What the kernel tells the launcher of the machine. */
    private final Path machine;

    LauncherTest(@TempDir Path folder) throws IOException {
        this.folder = folder.toRealPath();
        this.home = this.folder.resolve("the home");
        this.launcher = home.resolve("bin/portcullis");
        this.machine = this.folder.resolve("machine");
    }

    @BeforeEach
    void layTree() throws IOException {
        Files.createDirectories(launcher.getParent());
        // Tests run in their module's folder.
        script(
                launcher,
                Files.readString(Path.of("../bin/portcullis"))
                        .replace("/proc/", machine + "/proc/")
                        .replace("/sys/fs/", machine + "/sys/fs/"));
        machine("proc/stat", "cpu  1 2 3\ncpu0 1 2 3\ncpu1 1 2 3\nintr 1\n");
        machine("proc/meminfo", "MemTotal:        2097152 kB\nMemFree: 1 kB\n");
        Files.writeString(home.resolve("pom.xml"), "<project/>");
        jdk("jdk", NEWEST + ".0.1");
    }

    private void machine(String file, String text) throws IOException {
        Files.createDirectories(machine.resolve(file).getParent());
        Files.writeString(machine.resolve(file), text);
    }

    private static void script(Path file, String text) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Tells its process id, then its arguments, one a line; writes them to the archive it is to make, too. */
    private Path jdk(String name, String version) throws IOException {
        Path jdk = folder.resolve(name);
        script(jdk.resolve("bin/java"), """
                #!/bin/sh
                echo $$
                printf '%s\\n' "$@"
                for word; do
                  case $word in
                    -XX:AOTCacheOutput=* | -XX:ArchiveClassesAtExit=*) printf '%s\\n' "$@" >"${word#*=}" ;;
                  esac
                done
                """);
        script(jdk.resolve("bin/javac"), "#!/bin/sh\n");
        Files.writeString(jdk.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        return jdk;
    }

    private void built() throws IOException {
        built(JAR);
    }

    private void built(String jar) throws IOException {
        Files.createDirectories(home.resolve(jar).getParent());
        Files.writeString(home.resolve(jar), "");
    }

    private void maven(String script) throws IOException {
        script(folder.resolve("maven/mvn"), "#!/bin/sh\n" + script);
    }

    private Outcome run(Map<String, String> environment, String... args) throws Exception {
        return run(launcher, environment, args);
    }

    private Outcome run(Path command, Map<String, String> environment, String... args) throws Exception {
        List<String> words = new ArrayList<>(List.of(command.toString()));
        words.addAll(List.of(args));
        Path err = Files.createTempFile(folder, "err", "");
        Path out = Files.createTempFile(folder, "out", "");
        ProcessBuilder builder = new ProcessBuilder(words)
                .directory(Path.of("/").toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().clear();
        builder.environment().put("PATH", folder.resolve("maven") + ":/usr/bin:/bin");
        builder.environment().put("JAVA_HOME", folder.resolve("jdk").toString());
        builder.environment().putAll(environment);
        Process process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Outcome(
                process.exitValue(),
                Files.readString(out, StandardCharsets.UTF_8),
                Files.readString(err, StandardCharsets.UTF_8),
                process.pid());
    }

    @Test
    void becomesTheJavaSoThatSignalsReachTheProxyItself() throws Exception {
        built();
        Outcome outcome = run(Map.of(), "run", "-c", "a file.conf");
        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.arguments())
                .startsWith(Long.toString(outcome.pid()))
                .contains("-XX:+ExitOnOutOfMemoryError", "-Dportcullis.home=" + home)
                .containsSequence("-cp", home.resolve("proxy-server/target/portcullis/lib") + "/*")
                .endsWith("io.portcullis.server.cli.Main", "run", "-c", "a file.conf");
    }

    @Test
    void findsItsHomeThroughSymbolicLinks() throws Exception {
        built();
        Path absolute = Files.createSymbolicLink(folder.resolve("absolute"), launcher);
        Path relative = Files.createSymbolicLink(folder.resolve("relative"), Path.of("absolute"));
        assertThat(run(relative, Map.of()).out()).contains("-Dportcullis.home=" + home + "\n");
        assertThat(run(absolute, Map.of()).out()).contains("-Dportcullis.home=" + home + "\n");
    }

    @Test
    void anInstalledCopyRunsFromItsLibFolder() throws Exception {
        built("lib/portcullis-server-1.jar");
        assertThat(run(Map.of()).arguments()).containsSequence("-cp", home.resolve("lib") + "/*");
    }

    @Test
    void theBenchmarksAreOnTheClassPathOfTheCommandThatRunsThemAlone() throws Exception {
        built();
        built(BENCH_JAR);
        String lib = home.resolve("proxy-server/target/portcullis/lib") + "/*";
        assertThat(run(Map.of(), "bench", "--list").arguments())
                .containsSequence("-cp", lib + ":" + home.resolve("benchmarks/target/bench") + "/*")
                .endsWith("bench", "--list");
        for (String command : List.of("run", "help")) {
            assertThat(run(Map.of(), command, "bench").arguments()).containsSequence("-cp", lib);
        }
    }

    @Test
    void theFirstBenchBuildsTheBenchmarksAndToReadItsHelpBuildsNone() throws Exception {
        built();
        maven("echo \"$@\"; mkdir -p \"$(dirname " + BENCH_JAR + ")\" && : >" + BENCH_JAR + "\n");
        assertThat(run(Map.of(), "bench", "--help").err()).isEmpty();
        Outcome outcome = run(Map.of(), "bench", "--quick");
        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(outcome.err()).contains("first use: building", "package -pl benchmarks -am", "built\n");
        assertThat(outcome.arguments()).anyMatch(word -> word.endsWith("/benchmarks/target/bench/*"));
        assertThat(run(Map.of(), "bench", "--quick").err()).as("the second use").isEmpty();
    }

    @Test
    void aFirstUseThatIsABenchBuildsOnce() throws Exception {
        maven("echo build >>builds; for jar in " + JAR + " " + BENCH_JAR
                + "; do mkdir -p \"$(dirname $jar)\" && : >$jar; done\n");
        assertThat(run(Map.of(), "bench").exitCode()).isZero();
        assertThat(home.resolve("builds")).hasContent("build\n");
    }

    @Test
    void anInstalledCopyTakesTheBenchmarksThatCameWithItAndBuildsNone() throws Exception {
        built("lib/portcullis-server-1.jar");
        maven("echo build >>builds\n");
        assertThat(run(Map.of(), "bench").arguments())
                .as("the command itself says that they are missing")
                .containsSequence("-cp", home.resolve("lib") + "/*");
        built("bench/portcullis-benchmarks-1.jar");
        assertThat(run(Map.of(), "bench").arguments())
                .containsSequence("-cp", home.resolve("lib") + "/*:" + home.resolve("bench") + "/*");
        assertThat(home.resolve("builds")).doesNotExist();
    }

    @Test
    void nativesThatLieBesideTheJarsAreTakenFromThereSinceTmpMayForbidToRunThem() throws Exception {
        built();
        Path natives = home.resolve("proxy-server/target/portcullis/native");
        assertThat(run(Map.of()).out()).doesNotContain("java.library.path");
        Files.createDirectories(natives);
        assertThat(run(Map.of()).arguments()).contains("-Djava.library.path=" + natives);
    }

    /** If it breaks: starts take longer, a slow /tmp stops the proxy, or an operator cannot have it otherwise. */
    @Test
    void ownSwitchesGiveWayToTheUsers() throws Exception {
        built();
        String[][] oursAndOwn = {
            {"-Djdk.reflect.useNativeAccessorOnly=true", "-Djdk.reflect.useNativeAccessorOnly=false"},
            {"-XX:-UsePerfData", "-XX:+UsePerfData"},
        };
        for (String[] words : oursAndOwn) {
            assertThat(run(Map.of("JAVA_OPTS", words[1])).arguments())
                    .as("the last word is the user's")
                    .containsSubsequence(words);
        }
    }

    @Test
    void theUsersOptionsReachTheJvmAsWords() throws Exception {
        built();
        Outcome outcome = run(Map.of("JAVA_OPTS", "-Xmx64m -Da=/*", "PORTCULLIS_OPTS", "-Db=2"), "run");
        assertThat(outcome.arguments()).containsSequence("-Xmx64m", "-Da=/*", "-Db=2");
    }

    @Test
    void warningsOfNewJdksAreSilencedAndOldJdksSpareTheOptionsTheyDoNotKnow() throws Exception {
        built();
        String[] options = {"--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"};
        assertThat(run(Map.of()).arguments()).contains(options);
        Path jdk24 = jdk("jdk24", "24-ea");
        assertThat(run(Map.of("PORTCULLIS_JAVA", jdk24.toString())).arguments()).contains(options);
        Path jdk23 = jdk("jdk23", "23.0.2");
        assertThat(run(Map.of("PORTCULLIS_JAVA", jdk23.toString())).arguments()).doesNotContain(options);
    }

    @Test
    void theNewestJdkIsTakenWhereverItStands() throws Exception {
        built();
        Path old = jdk("old", "17.0.1");
        Outcome outcome =
                run(Map.of("JAVA_HOME", old.toString(), "PATH", folder.resolve("jdk/bin") + ":/usr/bin:/bin"));
        assertThat(outcome.arguments()).contains("--enable-native-access=ALL-UNNAMED");
    }

    @Test
    void aJdkWithoutAReleaseFileIsAsked() throws Exception {
        built();
        Path jdk = folder.resolve("custom");
        script(jdk.resolve("bin/java"), "#!/bin/sh\necho 'openjdk version \"23.0.1\" 2024-10-15' >&2\n");
        assertThat(run(Map.of("PORTCULLIS_JAVA", jdk.resolve("bin/java").toString()))
                        .exitCode())
                .isZero();
    }

    @Test
    void aJavaThatIsTooOldOrMissingIsNamed() throws Exception {
        built();
        Path java8 = jdk("java8", "1.8.0_402");
        Outcome old = run(Map.of("PORTCULLIS_JAVA", java8.toString()));
        assertThat(old.exitCode()).isEqualTo(1);
        assertThat(old.err()).contains(java8 + " is Java 1 (expected: 17 or newer)");
        Outcome missing = run(Map.of("PORTCULLIS_JAVA", "/no/such/java"));
        assertThat(missing.exitCode()).isEqualTo(1);
        assertThat(missing.err()).contains("PORTCULLIS_JAVA: /no/such/java (expected: a java command");
        assertThat(missing.out()).isEmpty();
    }

    @Test
    void theFirstUseBuildsAndKeepsStdoutClean() throws Exception {
        maven("pwd; echo \"$@\"; mkdir -p \"$(dirname " + JAR + ")\" && : >" + JAR + "\n");
        Outcome outcome = run(Map.of(), "--version");
        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(outcome.err()).contains("first use: building", home + "\n", "-DskipTests package", "built\n");
        assertThat(outcome.out()).startsWith(outcome.pid() + "\n").doesNotContain("package");
        assertThat(outcome.out()).as("the archive that the build ends with").contains("-XX:AOTCache=");
        assertThat(run(Map.of(), "--version").err()).as("the second use").isEmpty();
    }

    @Test
    void mavensColoursStayFromTheTerminal() throws Exception {
        maven("printf '\\033[0m\\033[1;31mwarned\\033[m\\033[0m'; mkdir -p \"$(dirname " + JAR + ")\" && : >" + JAR
                + "; printf '\\033[0m' >&2\n");
        Outcome outcome = run(Map.of(), "--version");
        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(outcome.err()).contains("warned").doesNotContain("\u001b");
    }

    /** If it breaks: each start takes twice as long, or a JVM is given an archive of classes that are no more. */
    @Test
    void anArchiveIsMadeOnRequestAndTakenUntilTheJarsAreNewer() throws Exception {
        built();
        Path archive = home.resolve("proxy-server/target/portcullis/archive/java-" + NEWEST + ".aot");
        String option = "-XX:AOTCache=" + archive;
        assertThat(run(Map.of(), "run").arguments()).doesNotContain(option);
        Outcome prepared = run(Map.of("JAVA_OPTS", "-Xmx1g"), "prepare");
        assertThat(prepared.exitCode()).as(prepared.err()).isZero();
        assertThat(prepared.out()).isEmpty();
        assertThat(archive.getParent()).isDirectoryContaining(archive::equals);
        assertThat(Files.readAllLines(archive))
                .as("the JVM that makes it")
                .contains("-Xmx1g", "--enable-native-access=ALL-UNNAMED", "-Dportcullis.home=" + home)
                .contains(WITHOUT_PROFILES)
                .endsWith("io.portcullis.server.cli.Rehearsal");
        assertThat(run(Map.of(), "run").arguments()).as("the JVM that serves").doesNotContain(WITHOUT_PROFILES);
        assertThat(run(Map.of(), "run").arguments()).contains(option).contains("-Xlog:all=off:stdout");
        Files.setLastModifiedTime(
                home.resolve(JAR),
                FileTime.fromMillis(Files.getLastModifiedTime(archive).toMillis() + 1000));
        assertThat(run(Map.of(), "run").arguments()).doesNotContain(option);
    }

    @Test
    void beforeJava25TheArchiveIsOfClassDataAlone() throws Exception {
        built();
        Map<String, String> old = Map.of("PORTCULLIS_JAVA", jdk("old", "17.0.1").toString());
        assertThat(run(old, "prepare").exitCode()).isZero();
        Path archive = home.resolve("proxy-server/target/portcullis/archive/java-17.jsa");
        assertThat(Files.readAllLines(archive))
                .as("there are no profiles in it")
                .doesNotContain(WITHOUT_PROFILES);
        assertThat(run(old, "run").arguments()).contains("-XX:SharedArchiveFile=" + archive);
        assertThat(run(Map.of(), "run").arguments()).as("another JDK's").noneMatch(word -> word.contains("archive"));
    }

    @Test
    void anArchiveThatCannotBeMadeStopsNobodyButWhoAskedForIt() throws Exception {
        built();
        Path broken = jdk("broken", NEWEST);
        script(broken.resolve("bin/java"), "#!/bin/sh\necho 'no such option'\n");
        Map<String, String> environment = Map.of("PORTCULLIS_JAVA", broken.toString());
        Outcome asked = run(environment, "prepare");
        assertThat(asked.exitCode()).isEqualTo(1);
        assertThat(asked.err()).contains("no such option", "made no archive", "All works without");
        assertThat(home.resolve("proxy-server/target/portcullis/archive")).isEmptyDirectory();
        assertThat(run(environment, "run").exitCode()).isZero();
    }

    @Test
    void whereTheArchiveCannotBeWrittenItIsSaidWhoCan() throws Exception {
        built();
        Path archives = Files.createDirectories(home.resolve("proxy-server/target/portcullis/archive"));
        // Not even root may write there: a folder in the place of the file.
        script(launcher, Files.readString(launcher).replace("new=$archive.$$", "new=$archive"));
        Files.createDirectories(archives.resolve("java-" + NEWEST + ".aot.log"));
        Outcome outcome = run(Map.of(), "prepare");
        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.err())
                .startsWith("portcullis: cannot write to " + archives + " (expected: to be run by the user who owns "
                        + archives.getParent() + ")\n");
    }

    @Test
    void whatIsPreparedUnderAStrictUmaskIsForAll() throws Exception {
        built();
        Path strict = folder.resolve("strict");
        script(strict, "#!/bin/sh\numask 077\nexec '" + launcher + "' \"$@\"\n");
        assertThat(run(strict, Map.of(), "prepare").exitCode()).isZero();
        Path archives = home.resolve("proxy-server/target/portcullis/archive");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(archives)))
                .isEqualTo("rwxr-xr-x");
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(archives.resolve("java-" + NEWEST + ".aot"))))
                .isEqualTo("rw-r--r--");
    }

    @Test
    void anArchiveThatTheUserNamesTakesThePlaceOfOurs() throws Exception {
        built();
        assertThat(run(Map.of(), "prepare").exitCode()).isZero();
        for (String own : List.of("-XX:SharedArchiveFile=x", "-Xshare:off", "-XX:AOTCache=x")) {
            assertThat(run(Map.of("JAVA_TOOL_OPTIONS", own)).out())
                    .as(own)
                    .doesNotContain(home + "/proxy-server/target/portcullis/archive");
        }
        assertThat(run(Map.of("JAVA_TOOL_OPTIONS", "-Xlog:gc")).arguments())
                .as("the operator's logging stays as it is")
                .contains("-Xlog:cds*=off,aot*=off")
                .noneMatch(word -> word.startsWith("-Xlog:all"));
    }

    /** If it breaks: a shim that is many programs is called by its own name, and is no java then. */
    @Test
    void aJavaThatIsOneOfManyNamesOfAProgramIsCalledByThatName() throws Exception {
        built();
        Path shim = folder.resolve("shims/mise");
        script(shim, "#!/bin/sh\necho 'openjdk version \"23.0.1\" 2024-10-15' >&2\necho \"${0##*/}\"\n");
        Path java = Files.createSymbolicLink(shim.resolveSibling("java"), shim);
        assertThat(run(Map.of("PORTCULLIS_JAVA", java.toString())).out()).isEqualTo("java\n");
    }

    /** If it breaks: an operator who names a collector gets a JVM that does not start. */
    @Test
    void aCollectorThatTheUserNamesTakesThePlaceOfOursWhereverHeNamesIt() throws Exception {
        built();
        assertThat(run(Map.of()).arguments()).contains("-XX:+UseSerialGC");
        assertThat(run(Map.of("JAVA_OPTS", "-Xmx1g -XX:+UseZGC")).arguments())
                .contains("-XX:+UseZGC")
                .doesNotContain("-XX:+UseSerialGC");
        for (String variable :
                List.of("JAVA_OPTS", "PORTCULLIS_OPTS", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS")) {
            for (String own : List.of(
                    "-XX:+UseG1GC\n-Xmx128m\n", "-Da=b\t-XX:+UseG1GC", "\"-XX:+UseG1GC\"", "@file", "-XX:Flags=file")) {
                assertThat(run(Map.of(variable, own)).arguments())
                        .as("%s=%s", variable, own)
                        .doesNotContain("-XX:+UseSerialGC", "-Xms64m");
            }
        }
    }

    @Test
    void whatIsNoNameOfACollectorChangesNothing() throws Exception {
        built();
        assertThat(run(Map.of("JAVA_OPTS", "-XX:+UseLargePages -Dx=1 -XX:+DisableExplicitGC"))
                        .arguments())
                .contains("-XX:+UseSerialGC", "-Xms64m");
        assertThat(run(Map.of(), "ban", "192.0.2.7", "--reason", "asked by @bob, -XX:+UseG1GC -Xmx1g")
                        .arguments())
                .as("the command's own words")
                .contains("-XX:+UseSerialGC", "-Xms64m");
    }

    /** If it breaks: one thread collects for many event loops, all of which wait for it. */
    @Test
    void onAMachineOfManyProcessorsTheJvmChoosesTheCollector() throws Exception {
        built();
        StringBuilder stat = new StringBuilder("cpu  1 2 3\n");
        for (int cpu = 0; cpu < 5; cpu++) {
            stat.append("cpu").append(cpu).append(" 1 2 3\n");
        }
        machine("proc/stat", stat + "intr 1\n");
        assertThat(run(Map.of()).arguments()).doesNotContain("-XX:+UseSerialGC", "-Xms64m");
    }

    /** If it breaks: the heap of a small container outgrows it, and the kernel ends the proxy. */
    @Test
    void whereMemoryIsScarceTheHeapBeginsAsTheJvmHasIt() throws Exception {
        built();
        for (String file : List.of(
                "sys/fs/cgroup/memory.max",
                "sys/fs/cgroup/system.slice/a.service/memory.max",
                "sys/fs/cgroup/memory/memory.limit_in_bytes")) {
            machine("proc/self/cgroup", "1:cpu:/\n0::/system.slice/a.service\n");
            for (String plenty : List.of("max", "268435456", "9223372036854771712")) {
                machine(file, plenty + "\n");
                assertThat(run(Map.of()).arguments()).as(file + " " + plenty).contains("-Xms64m");
            }
            machine(file, "134217728\n");
            assertThat(run(Map.of()).arguments())
                    .as(file)
                    .contains("-XX:+UseSerialGC")
                    .doesNotContain("-Xms64m", "-XX:NewSize=24m");
            Files.delete(machine.resolve(file));
        }
        machine("proc/meminfo", "MemTotal:         262143 kB\n");
        assertThat(run(Map.of()).arguments()).doesNotContain("-Xms64m");
    }

    /** If it breaks: the process takes memory by the size of the machine, and not by what it has to do. */
    @Test
    void theHeapBeginsSmallUnlessTheUserHasAWordToSayOnIt() throws Exception {
        built();
        assertThat(run(Map.of("JAVA_OPTS", "-Dx=y")).arguments()).contains("-Xms64m", "-XX:NewSize=24m");
        for (String own : List.of(
                "-Xmx32m",
                "-Xms1g",
                "-Xmn1g",
                "-XX:MaxHeapSize=1g",
                "-XX:MaxNewSize=16m",
                "-XX:MaxRAMPercentage=50",
                "-XX:+UseParallelGC",
                "@file")) {
            for (String variable : List.of("JAVA_OPTS", "PORTCULLIS_OPTS", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS")) {
                assertThat(run(Map.of(variable, own)).arguments())
                        .as("%s=%s", variable, own)
                        .doesNotContain("-Xms64m", "-XX:NewSize=24m");
            }
        }
    }

    @Test
    void aBuildThatFailsSaysWhatToDo() throws Exception {
        maven("echo 'COMPILATION ERROR'; exit 1\n");
        Outcome outcome = run(Map.of(), "run");
        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.err()).contains("COMPILATION ERROR", "the build failed", "mvn package -DskipTests");
        assertThat(outcome.out()).isEmpty();
    }

    @Test
    void twoFirstUsesBuildOnce() throws Exception {
        maven("echo build >>builds; while [ ! -e go-on ]; do sleep 0.05; done; mkdir -p \"$(dirname " + JAR
                + ")\" && : >" + JAR + "\n");
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            ProcessBuilder builder = new ProcessBuilder(launcher.toString(), "run")
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("both" + i).toFile());
            builder.environment().put("PATH", folder.resolve("maven") + ":/usr/bin:/bin");
            builder.environment().put("JAVA_HOME", folder.resolve("jdk").toString());
            processes.add(builder.start());
        }
        Awaitility.await()
                .until(() -> (Files.readString(folder.resolve("both0")) + Files.readString(folder.resolve("both1")))
                        .contains("another build is under way"));
        Files.createFile(home.resolve("go-on"));
        for (Process process : processes) {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
        }
        assertThat(home.resolve("builds")).hasContent("build\n");
    }

    @Test
    void aMissingMavenIsNamed() throws Exception {
        Path tools = folder.resolve("tools");
        for (String tool : List.of("dirname", "readlink", "sed", "head")) {
            script(tools.resolve(tool), "#!/bin/sh\nPATH=/usr/bin:/bin exec " + tool + " \"$@\"\n");
        }
        Outcome outcome = run(Map.of("PATH", tools.toString()), "run");
        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.err()).contains("Maven is missing: install Maven 3.8 or newer");
    }
}
