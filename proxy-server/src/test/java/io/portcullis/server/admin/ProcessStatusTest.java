package io.portcullis.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import io.portcullis.core.config.ConfigProblem;
import io.portcullis.server.admin.ProcessStatus.CertificateStatus;
import io.portcullis.server.admin.ProcessStatus.Configuration;
import io.portcullis.server.admin.ProcessStatus.EndpointStatus;
import io.portcullis.server.admin.ProcessStatus.Identity;
import io.portcullis.server.admin.ProcessStatus.ListenerStatus;
import io.portcullis.server.admin.ProcessStatus.LogStatus;
import io.portcullis.server.admin.ProcessStatus.Occupancy;
import io.portcullis.server.admin.ProcessStatus.StoreStatus;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is wrong with a process, as it says it itself. */
class ProcessStatusTest {

    private static final long NOW = 1_764_000_000_000L;
    private static final Identity IDENTITY = new Identity("1", 2, NOW - 5_000, NOW, "JDK", "epoll", "jdk", 2);
    private static final Configuration CONFIGURATION = new Configuration(Optional.of("/p.conf"), NOW, 1);
    private static final ListenerStatus LISTENER = new ListenerStatus("http", "127.0.0.1:80", false, false, false, 0);
    private static final Occupancy FEW = new Occupancy(1, 100);
    private static final StoreStatus STORE = new StoreStatus(Optional.of("/bans"), Optional.empty(), 0);
    private static final LogStatus LOG = new LogStatus(Optional.empty(), 0);

    private static final ProcessStatus WELL = new ProcessStatus(
            IDENTITY,
            CONFIGURATION,
            Optional.empty(),
            false,
            List.of(LISTENER),
            KernelFilterStatus.ON,
            FEW,
            FEW,
            FEW,
            STORE,
            LOG,
            List.of(),
            List.of(new CertificateStatus("early.crt", NOW + 1, false, Optional.empty())));

    private static final ProcessStatus SICK = new ProcessStatus(
            IDENTITY,
            CONFIGURATION,
            Optional.of(new ReloadReport(
                    NOW,
                    1,
                    List.of(new ConfigProblem("p.conf", 3, "threads", "x"), new ConfigProblem("p.conf", 4, "y", "z")),
                    List.of(),
                    ReloadReport.Changes.NONE)),
            true,
            List.of(LISTENER),
            KernelFilterStatus.ON,
            new Occupancy(90, 100),
            new Occupancy(100, 100),
            FEW,
            new StoreStatus(Optional.of("/bans"), Optional.of("No space left"), 7),
            new LogStatus(Optional.of("/access.log"), 5),
            List.of(
                    new EndpointStatus("shop", "http://10.0.0.1:80", NOW, true),
                    new EndpointStatus("blog", "http://10.0.0.2:80", NOW, false)),
            List.of(
                    new CertificateStatus("old.crt", NOW, true, Optional.empty()),
                    new CertificateStatus("due.crt", NOW + 1, true, Optional.of("no such file"))));

    @Test
    void nothingIsWrongWithAProcessThatIsWell() {
        assertThat(WELL.problems()).isEmpty();
    }

    /** If it breaks: the operator who is woken at night reads that all is well. */
    @Test
    void eachThingThatIsWrongIsToldInWords() {
        String time = "2025-11-24T16:00:00.000Z";
        assertThat(SICK.problems())
                .containsExactly(
                        "draining: nothing new is accepted; connections still open: 90",
                        "endpoint http://10.0.0.1:80 of shop, its only one, has failed since " + time,
                        "endpoint http://10.0.0.2:80 of blog is out since " + time,
                        "certificate old.crt has expired at " + time,
                        "certificate due.crt expires at 2025-11-24T16:00:00.001Z, and should have been renewed",
                        "certificate due.crt cannot be replaced: no such file",
                        "bans are in memory alone: No space left",
                        "the reload at " + time + " was refused, and the configuration before it goes on: "
                                + new ConfigProblem("p.conf", 3, "threads", "x") + " and 1 more",
                        "90 connections are open, of 100 (limits.max-connections)",
                        "as many bans are in force as may be (bans.max-bans, 100): those that end soonest are given up",
                        "5 access log records were dropped since the start");
    }

    @Test
    void itIsOneDocument() throws IOException {
        Map<?, ?> well = json(WELL);
        assertThat(well.get("state")).isEqualTo("running");
        assertThat(well.get("uptime_ms")).isEqualTo(5_000);
        assertThat(well.get("last_reload")).isNull();
        Map<?, ?> sick = json(SICK);
        assertThat(sick.get("state")).isEqualTo("draining");
        assertThat((List<?>) sick.get("problems")).hasSize(11);
        assertThat(sick.get("store"))
                .isEqualTo(Map.of("type", "file", "path", "/bans", "fault", "No space left", "waiting", 7));
        assertThat(sick.get("bans")).isEqualTo(Map.of("count", 100, "most", 100));
    }

    private static Map<?, ?> json(ProcessStatus status) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = AdminJson.writer(out)) {
            StatusJson.write(status, json);
        }
        try (JsonParser parser = AdminJson.parser(new ByteArrayInputStream(out.toByteArray()))) {
            parser.nextToken();
            Object tree = AdminJson.tree(parser);
            assertThat(tree).isInstanceOf(Map.class);
            return (Map<?, ?>) tree;
        }
    }
}
