package io.portcullis.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portcullis.server.admin.Handover;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a process that takes over makes of what it is told. If it breaks: bans get lost on their way. */
class PredecessorTest {

    @TempDir
    private Path directory;

    @Test
    void whatCannotBeUsedHidesNothingOfWhatFollows() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        List<String> adopted = new ArrayList<>();
        List<Boolean> accepting = new ArrayList<>();
        try (ServerSocket server = ToldEvents.listening();
                Predecessor from = ToldEvents.tell(
                        ToldEvents.RELEASED
                                + ToldEvents.banned("nobody", "")
                                + ToldEvents.banned("192.0.2.1", "")
                                + ToldEvents.banned("192.0.2.2", ",\"offences\":7")
                                + ToldEvents.banned("192.0.2.3", "")
                                + ToldEvents.listed(true)
                                + ToldEvents.RETIRED,
                        server,
                        directory,
                        end)) {
            from.follow(news -> {
                accepting.add(from.isAccepting());
                if (news instanceof Handover.Banned one) {
                    adopted.add(one.ban().client().toString());
                    if (adopted.size() == 1) {
                        throw new IllegalArgumentException("a later version's");
                    }
                } else if (news instanceof Handover.Retired) {
                    end.countDown();
                }
            });
            assertThat(adopted).containsExactly("192.0.2.1", "192.0.2.3");
            assertThat(accepting)
                    .as("as long as it has not said that it is retired")
                    .containsOnly(true);
            assertThat(from.awaitListed()).isTrue();
        }
    }

    /** If it breaks: a process that has half of the bans serves those whom the others are about. */
    @Test
    void onlyAListThatHasEndedIsWhole() throws Exception {
        CountDownLatch end = new CountDownLatch(0);
        try (ServerSocket server = ToldEvents.listening();
                Predecessor from = ToldEvents.tell(
                        ToldEvents.RELEASED + ToldEvents.banned("192.0.2.1", ""), server, directory, end)) {
            from.follow(news -> {});
            assertThatThrownBy(from::awaitListed)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("all its bans");
        }
    }
}
