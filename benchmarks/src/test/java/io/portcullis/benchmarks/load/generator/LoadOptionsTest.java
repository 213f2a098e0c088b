package io.portcullis.benchmarks.load.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class LoadOptionsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "closed --port 80 --address 10.0.0.1 | address: 10.0.0.1 (expected: one of 127.0.0.0/8, in numbers",
                "closed --port 80 --address localhost | address: localhost (expected: one of 127.0.0.0/8, in numbers",
                "closed --port 80 --address 127.0.0.1.example.org | (expected: one of 127.0.0.0/8, in numbers",
                "closed --port 80 --address 127.0.0.256 | (expected: one of 127.0.0.0/8, in numbers",
                "closed | port: 0 (expected: 1 to 65535)",
                "closed --port x | --port: x (expected: a number)",
                "closed --port 80 --tls maybe | --tls: maybe (expected: true or false)",
                "closed --port 80 --connections 0 | --connections: 0 (expected: a number from 1 to 20000)",
                "closed --port 80 --seconds 1h | --seconds: 1h (expected: seconds from 0 to 3600, as 5 or 0.5)",
                "closed --port 80 --path x | --path: x (expected: a path of printable characters, from / on)",
                "closed --port 80 --source 192.168.0.1 | --source: 192.168.0.1 (expected: one of 127.0.0.0/8, in numbers)",
                "closed --port 80 --rate 5 | --rate: not of closed (expected: --connections, --header",
                "closed --port 80 --seconds 1 --seconds 2 | --seconds: said twice (expected: once)",
                "closed --port 80 --speed 5 | --speed: no such option (expected: --address, --connections",
                "closed --port 80 --hosts 5 --host a.test | --hosts: 5, of a.test (expected: a host with *",
                "closed --port | --port: expected: --option value",
                "closed port 80 | port: expected: --option value",
                "faster --port 80 | faster: no such load (expected: closed, open, connect"
            })
    void saysWhatIsWrongAndWhatIsExpected(String arguments, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LoadOptions.parse(List.of(arguments.split(" ", -1))))
                .withMessageContaining(message);
    }

    @Test
    void saysWhichLoadsThereAreWhenNoneIsNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LoadOptions.parse(List.of()))
                .withMessageContaining("no kind of load (expected: closed, open, connect, download");
    }

    @ParameterizedTest
    @EnumSource
    void takesEachKindAsItIs(Kind kind) {
        LoadOptions options = LoadOptions.parse(List.of(kind.key(), "--port", "80"));
        assertThat(options.count(Option.CONNECTIONS)).isPositive();
        assertThat(options.bound()).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(180));
    }

    /** A leak's lead-in would be requests that the leak is to count; idle connections are not timed. */
    @ParameterizedTest
    @EnumSource
    void eachKindThatRepeatsItselfIsLedIn(Kind kind) {
        LoadOptions options = LoadOptions.parse(List.of(kind.key(), "--port", "80"));
        boolean once = kind == Kind.LEAK || kind == Kind.IDLE;
        assertThat(options.nanos(Option.LEAD_IN)).isEqualTo(once ? 0 : 2_000_000_000L);
    }

    @Test
    void saysTheSameOnItsCommandLine() {
        LoadOptions options = LoadOptions.parse(List.of(
                "storm",
                "--port",
                "81",
                "--host",
                "a.test",
                "--tls",
                "true",
                "--rate",
                "7",
                "--header",
                "A: b",
                "--header",
                "C: d"));
        assertThat(LoadOptions.parse(options.arguments())).isEqualTo(options);
        assertThat(options.texts(Option.HEADER)).containsExactly("A: b", "C: d");
    }

    @Test
    void refusesSourcesThatEndOutsideOfTheLoopbackNetwork() {
        LoadOptions options =
                LoadOptions.parse(List.of("closed", "--port", "80", "--source", "127.255.255.250", "--sources", "10"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sources.of(options))
                .withMessageContaining("(expected: all of 127.0.0.0/8)");
    }
}
