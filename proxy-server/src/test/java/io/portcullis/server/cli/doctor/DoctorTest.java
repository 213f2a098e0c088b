package io.portcullis.server.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.core.net.IpAddress;
import io.portcullis.server.admin.KernelFilterStatus;
import io.portcullis.server.admin.Vitals;
import io.portcullis.server.cli.doctor.Finding.Severity;
import io.portcullis.server.config.ConfigLoader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of hosts on which something is wrong; the machine is a folder that each test lays. */
class DoctorTest {

    private static final Instant NOW = Instant.parse("2026-11-23T04:00:00Z");
    private static final long PID = 42;
    private static final String DOCKER_GATEWAY = "172.17.0.1";
    private static final long MIB = 1L << 20;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path root;

    private String main = "";
    private Optional<Vitals> process = Optional.empty();

    @BeforeEach
    void aHostOnWhichAllIsWell() throws IOException {
        lay("conf/hosts.d/shop.conf", "server-names = [\"shop.test\"]\nroutes = [{ path = \"/\", status = 204 }]\n");
        lay(
                "proc/42/limits",
                "Limit  Soft Limit  Hard Limit  Units\nMax open files            65536    65536    files\n");
        lay("proc/42/status", "Name:\tjava\nCapEff:\t0000000000000400\nVmSwap:\t       0 kB\n");
        lay("proc/sys/net/core/somaxconn", "4096\n");
    }

    private void lay(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(Objects.requireNonNull(path.getParent()));
        Files.writeString(path, text);
    }

    private static Vitals process(Vitals.Peer... peers) {
        return process(NOW, "epoll", peers);
    }

    private static Vitals process(Instant now, String transport, Vitals.Peer... peers) {
        Map<String, String> passedOver = switch (transport) {
            case "nio" -> Map.of("io_uring", "Function not implemented", "epoll", "UnsatisfiedLinkError: noexec");
            case "epoll" -> Map.of("io_uring", "Operation not permitted");
            default -> Map.of();
        };
        return new Vitals(
                PID,
                NOW.minusSeconds(60).toEpochMilli(),
                now.toEpochMilli(),
                new Vitals.Engine(transport, passedOver, 512 * MIB),
                Optional.of(
                        transport.equals("nio")
                                ? KernelFilterStatus.unavailable("the transport cannot set one")
                                : KernelFilterStatus.ON),
                3,
                List.of(peers),
                List.of(address(DOCKER_GATEWAY)));
    }

    private static IpAddress address(String text) {
        return Objects.requireNonNull(IpAddress.parse(text));
    }

    private static Vitals.Peer peer(String address, int connections) {
        return new Vitals.Peer(address(address), connections);
    }

    private List<Finding> findings() throws IOException {
        lay(
                "conf/portcullis.conf",
                "portcullis { listeners { http { bind = \"127.0.0.1:0\" } }, virtual-hosts-dir = \"hosts.d\"\n" + main
                        + "\n}\n");
        Path file = root.resolve("conf/portcullis.conf");
        return Doctor.examine(new Scene(
                file,
                ConfigLoader.load(file),
                process,
                process.isPresent() ? "" : "no Portcullis answers",
                new Host(root),
                InstantSource.fixed(NOW)));
    }

    private Finding only(String check) throws IOException {
        List<Finding> all = findings();
        List<Finding> found =
                all.stream().filter(finding -> finding.check().equals(check)).toList();
        assertThat(found).as("of " + all).hasSize(1);
        return found.get(0);
    }

    private Finding wrong(String check, Severity severity) throws IOException {
        Finding finding = only(check);
        assertThat(finding.severity()).as(finding.toString()).isEqualTo(severity);
        assertThat(finding.advice()).as("what to do about: " + finding.what()).isNotEmpty();
        return finding;
    }

    @Test
    void aHostOnWhichAllIsWellHasNoProblem() throws IOException {
        process = Optional.of(process(peer("192.0.2.1", 15), peer("192.0.2.2", 14)));
        assertThat(findings()).noneMatch(finding -> finding.severity() == Severity.PROBLEM);
        assertThat(only("clients").what()).contains("addresses of their own (2 different ones among the last 29");
    }

    /** If it breaks: nobody learns why a container's bans hit nobody, or everybody. */
    @Test
    void clientsThatAllArriveAsTheGatewayAreAProblem() throws IOException {
        process = Optional.of(process(peer(DOCKER_GATEWAY, 95), peer("192.0.2.1", 5)));
        Finding finding = wrong("clients", Severity.PROBLEM);
        assertThat(finding.what())
                .startsWith("95 of the last 100 connections came from 172.17.0.1, which is this network's gateway")
                .endsWith("nobody is ever banned");
        assertThat(finding.advice()).contains("userland-proxy", "host networking", "trusted-proxies");
    }

    @Test
    void aLoadBalancerThatNobodyHasNamedIsAProblemAndATrustedOneIsNot() throws IOException {
        process = Optional.of(process(peer("10.0.0.7", 200)));
        Finding finding = wrong("clients", Severity.PROBLEM);
        assertThat(finding.what()).contains("a private address", "one's ban is everybody's");
        assertThat(finding.advice())
                .contains("X-Forwarded-For", "proxy-protocol = true")
                .doesNotContain("userland");
        main = "trusted-proxies = [\"10.0.0.7\"]";
        assertThat(only("clients").what()).contains("through trusted proxies (200 of the last 200");
    }

    @Test
    void fewConnectionsAndBusyStrangersSayNothing() throws IOException {
        process = Optional.of(process(peer("10.0.0.7", 19)));
        assertThat(only("clients").severity()).isEqualTo(Severity.OK);
        process = Optional.of(process(peer("198.51.100.1", 250)));
        assertThat(only("clients").severity()).isEqualTo(Severity.OK);
    }

    @Test
    void proxiesAndExemptionsThatCoverTheInternetAreProblems() throws IOException {
        main = "trusted-proxies = [\"0.0.0.0/0\"]";
        assertThat(wrong("trust", Severity.PROBLEM).what()).startsWith("trusted-proxies covers");
        main = "allowlist = [\"0.0.0.0/1\", \"128.0.0.0/1\"]";
        assertThat(wrong("trust", Severity.PROBLEM).what()).startsWith("allowlist covers");
        main = "trusted-proxies = [\"10.0.0.0/8\", \"172.64.0.0/13\"]";
        assertThat(only("trust").severity()).isEqualTo(Severity.OK);
    }

    @Test
    void everyProblemOfTheConfigurationIsTold() throws IOException {
        main = "limits { max-hed-size = 1 }, threads = many";
        assertThat(findings())
                .filteredOn(finding -> finding.check().equals("configuration"))
                .hasSize(2)
                .allMatch(finding -> finding.severity() == Severity.PROBLEM)
                .anyMatch(finding -> finding.what().contains("did you mean \"max-head-size\""));
    }

    @Test
    void tooFewFilesForTheConnectionsThatAreAllowed() throws IOException {
        process = Optional.of(process());
        main = "limits { max-connections = 60000 }";
        Finding finding = wrong("file limit", Severity.PROBLEM);
        assertThat(finding.what()).contains("at most 65536 files", "max-connections = 60000 needs about 120200");
        assertThat(finding.advice()).contains("LimitNOFILE=120200", "lower limits.max-connections to 32668");
        lay("proc/42/limits", "Max open files            unlimited    unlimited    files\n");
        assertThat(only("file limit").severity()).isEqualTo(Severity.OK);
    }

    @Test
    void anEndpointThatRefusesAndAPortThatIsTakenAreProblems() throws IOException {
        int closed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
            main = "listeners { taken { bind = \"127.0.0.1:" + closed + "\" } }";
            assertThat(wrong("ports", Severity.PROBLEM).what())
                    .contains("listener taken cannot bind port " + closed, "in use");
        }
        main = "";
        lay(
                "conf/hosts.d/shop.conf",
                "server-names = [\"shop.test\"]\nupstream = \"http://127.0.0.1:" + closed + "\"\n");
        assertThat(wrong("endpoints", Severity.PROBLEM).what())
                .contains("http://127.0.0.1:" + closed + " of shop cannot be reached", "refused");
    }

    @Test
    void aTokenThatEverybodyCanReadIsAProblem() throws IOException {
        lay("token", "0123456789abcdef");
        Files.setPosixFilePermissions(root.resolve("token"), PosixFilePermissions.fromString("rw-r--r--"));
        main = "admin { token-file = \"../token\" }";
        assertThat(wrong("secret files", Severity.PROBLEM).advice()).contains("chmod o-rwx");
    }

    @Test
    void aStoreWithoutAFolderThatCanBeIsAProblem() throws IOException {
        lay("data", "a file where the folder should be");
        main = "bans { store { type = file, path = \"../data/bans\" } }, log { access = \"../data/access.log\" }";
        assertThat(wrong("ban store", Severity.PROBLEM).what()).contains("bans cannot be kept: ");
        assertThat(wrong("logs", Severity.PROBLEM).what()).contains("a log cannot be written: ");
        main = "bans { store { type = memory } }";
        assertThat(wrong("ban store", Severity.WARN).what()).contains("a restart forgets them");
    }

    @Test
    void whatIsNotAsItWasMeantIsAWarning() throws IOException {
        process = Optional.of(process(NOW.minusSeconds(3_600), "nio"));
        lay("proc/sys/net/core/somaxconn", "128\n");
        lay("proc/42/status", "CapEff:\t0000000000001000\nVmSwap:\t  200000 kB\n");
        main = "admin { bind = \"0.0.0.0:9900\" }";
        assertThat(wrong("clock", Severity.WARN).what()).contains("3600 s apart");
        assertThat(wrong("transport", Severity.WARN).what()).contains("epoll does not load", "noexec");
        assertThat(wrong("kernel limits", Severity.WARN).what()).contains("somaxconn is 128");
        assertThat(wrong("memory", Severity.WARN).what()).contains("195 MiB of the process are swapped out");
        assertThat(wrong("admin API", Severity.WARN).what()).contains("from other machines");
        assertThat(only("kernel filter").what())
                .contains("unavailable: the transport cannot set one.", "give the process CAP_NET_ADMIN");
    }

    @Test
    void whyItIsEpollAndWhatIoUringTakes() throws IOException {
        process = Optional.of(process());
        assertThat(only("transport").what()).contains("Operation not permitted", "kernel.io_uring_disabled", "seccomp");
    }

    @Test
    void aContainerSmallerThanTheHeapAndAFullTrackingTable() throws IOException {
        process = Optional.of(process());
        lay("sys/fs/cgroup/memory.max", Long.toString(600 * MIB));
        lay("proc/sys/net/netfilter/nf_conntrack_count", "60000\n");
        lay("proc/sys/net/netfilter/nf_conntrack_max", "65536\n");
        assertThat(wrong("memory", Severity.WARN).what()).contains("heap may grow to 512 MiB", "has 600 MiB");
        assertThat(wrong("kernel limits", Severity.PROBLEM).what()).contains("tracks 60000 connections of 65536");
    }

    /** If it breaks: the command by which one looks for a fault fails where the fault is. */
    @Test
    void aHostThatTellsNothingIsNoFailure() throws IOException {
        List<Finding> findings = new ArrayList<>(findings());
        findings.addAll(Doctor.examine(new Scene(
                root.resolve("nowhere.conf"),
                ConfigLoader.load(root.resolve("nowhere.conf")),
                Optional.empty(),
                "no such file",
                new Host(root.resolve("nowhere")),
                InstantSource.fixed(NOW))));
        assertThat(findings).anyMatch(finding -> finding.what().contains("no running process was asked"));
    }
}
