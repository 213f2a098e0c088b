package io.portcullis.server.observe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The log as it is shipped, which tests run with too. */
class OperatorLogTest {
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final AsyncAppender async = (AsyncAppender) root.getAppender("ASYNC");
    private final ConsoleAppender<ILoggingEvent> stderr = (ConsoleAppender<ILoggingEvent>) async.getAppender("STDERR");

    private String line(String message, @Nullable Throwable thrown) {
        Logger logger = (Logger) LoggerFactory.getLogger("io.portcullis.bans");
        LoggingEvent event = new LoggingEvent(Logger.FQCN, logger, Level.INFO, message, thrown, null);
        return new String(stderr.getEncoder().encode(event), UTF_8);
    }

    @Test
    void anEventLoopNeverWaitsForATerminal() {
        assertThat(async.isNeverBlock()).isTrue();
        assertThat(async.getDiscardingThreshold())
                .as("a ban is never thrown away while there is room")
                .isZero();
        assertThat(root.iteratorForAppenders()).toIterable().containsExactly(async);
    }

    @Test
    void stdoutIsLeftToTheCommands() {
        assertThat(stderr.getTarget()).isEqualTo("System.err");
    }

    @Test
    void aLineTellsWhenHowSeriousFromWhereAndWhat() {
        assertThat(line("banned 192.0.2.7", null))
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}(Z|[+-]\\d\\d:\\d\\d) INFO  bans banned"
                        + " 192\\.0\\.2\\.7\n");
    }

    @Test
    void aMessageThatQuotesAStrangerStaysOneHarmlessLine() {
        assertThat(line("bad header: \r\n2026 forged \u001b[2J\u009b\u2028", null))
                .endsWith(" bad header: ??2026 forged ?[2J??\n")
                .containsOnlyOnce("\n");
    }

    @Test
    void anExceptionIsShownOnceAndWithoutControlCharacters() {
        String text = line("failed", new IllegalStateException("why \u001b[2J"));
        assertThat(text)
                .contains(" failed\njava.lang.IllegalStateException: why ?[2J\n\tat ")
                .doesNotContain("\u001b")
                .containsOnlyOnce("IllegalStateException");
    }
}
