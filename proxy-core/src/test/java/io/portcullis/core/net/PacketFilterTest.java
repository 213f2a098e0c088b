package io.portcullis.core.net;

import static io.portcullis.core.net.Literals.address;
import static io.portcullis.core.net.Literals.block;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A program that throws away one packet too many locks out somebody whom nobody has banned, and nobody can see why. */
final class PacketFilterTest {

    @Test
    void throwsAwayWhatIsInTheSetAndNothingElseWhateverTheSetIs() {
        Random random = new Random(11);
        for (int round = 0; round < 1_500; round++) {
            List<Cidr> sources = randomSources(random, random.nextInt(round % 50 == 0 ? 400 : 12));
            BpfMachine machine = BpfMachine.of(PacketFilter.dropping(sources));
            for (IpAddress address : interestingAddresses(random, sources)) {
                boolean expected = sources.stream().anyMatch(block -> block.contains(address));
                assertThat(machine.drops(address))
                        .as("%s in %s", address, sources)
                        .isEqualTo(expected);
            }
        }
    }

    /** Jumps over more than 255 instructions take another instruction, and none may lead elsewhere. */
    @ParameterizedTest
    @ValueSource(ints = {32, 24, 9})
    void holdsAsManyIpv4SourcesAsThereIsRoomFor(int length) {
        Random random = new Random(5);
        List<Cidr> sources = distinct(
                Math.min(2_000, 1 << (length - 1)), () -> new Cidr(IpAddress.ofIpv4(random.nextInt()), 96 + length));
        CidrSet set = CidrSet.of(sources);
        PacketFilter filter = PacketFilter.dropping(sources);

        assertThat(filter.length()).isLessThan(PacketFilter.MOST_INSTRUCTIONS);
        BpfMachine machine = BpfMachine.of(filter);
        for (int i = 0; i < 20_000; i++) {
            IpAddress address = IpAddress.ofIpv4(random.nextInt());
            assertThat(machine.drops(address)).isEqualTo(set.contains(address));
        }
        int longest = 0;
        for (Cidr source : sources) {
            assertThat(machine.drops(source.network())).isTrue();
            assertThat(machine.drops(source.last())).isTrue();
            longest = Math.max(longest, machine.steps());
        }
        assertThat(longest).as("a tree, not a list").isLessThan(32);
    }

    @Test
    void holdsAThousandIpv6ClientsThatHaveNothingInCommon() {
        Random random = new Random(6);
        List<Cidr> sources = distinct(1_000, () -> new Cidr(new IpAddress(random.nextLong(), 0), 64));
        PacketFilter filter = PacketFilter.dropping(sources);

        assertThat(filter.length()).isLessThanOrEqualTo(PacketFilter.MOST_INSTRUCTIONS);
        BpfMachine machine = BpfMachine.of(filter);
        for (Cidr source : sources) {
            assertThat(machine.drops(new IpAddress(source.network().high(), random.nextLong())))
                    .isTrue();
            assertThat(machine.drops(new IpAddress(source.network().high() + 1, 0)))
                    .isFalse();
            assertThat(machine.drops(new IpAddress(source.network().high() ^ 1L << 40, 0)))
                    .isFalse();
        }
    }

    @Test
    void neighboursCostOneComparison() {
        List<Cidr> sources = new ArrayList<>();
        for (int i = 0; i < 256; i++) {
            sources.add(new Cidr(IpAddress.ofIpv4(0xC0000200 + i), 128));
        }

        assertThat(PacketFilter.dropping(sources).length())
                .isEqualTo(PacketFilter.dropping(List.of(block("192.0.2.0/24"))).length());
    }

    @ParameterizedTest
    @CsvSource({
        "::/0, 192.0.2.1, true",
        "::/0, 2001:db8::1, true",
        "0.0.0.0/0, 2001:db8::1, false",
        "0.0.0.0/0, 255.255.255.255, true",
        "::ffff:192.0.2.1, 192.0.2.1, true",
        "192.0.2.1, ::192.0.2.1, false",
        "::192.0.2.1, 192.0.2.1, false",
        "2001:db8::/64, 2001:db8::ffff:1, true",
        "2001:db8::/64, 2001:db8:0:1::1, false"
    })
    void takesIpv4AndIpv6ApartAsTheBanListDoes(String source, String address, boolean dropped) {
        assertThat(BpfMachine.of(PacketFilter.dropping(List.of(block(source)))).drops(address(address)))
                .isEqualTo(dropped);
    }

    @Test
    void letsThroughWhatIsNoIp() {
        BpfMachine machine = BpfMachine.of(PacketFilter.dropping(List.of(block("::/0"))));
        for (int version = 0; version < 16; version++) {
            ByteBuffer header = ByteBuffer.allocate(40).put(0, (byte) (version << 4));
            assertThat(machine.run(header)).isEqualTo(version == 4 || version == 6 ? 0 : -1);
        }
    }

    @Test
    void takesThePacketWholeWhereNobodyIsRefused() {
        PacketFilter nobody = PacketFilter.dropping(List.of());

        assertThat(nobody.length()).isEqualTo(1);
        assertThat(BpfMachine.of(nobody).run(ByteBuffer.allocate(40))).isEqualTo(-1);
    }

    private static List<Cidr> distinct(int count, Supplier<Cidr> source) {
        Set<Cidr> sources = new HashSet<>();
        while (sources.size() < count) {
            sources.add(source.get());
        }
        return new ArrayList<>(sources);
    }

    /** Of every length, and close to one another so that they share words, touch and hold one another. */
    private static List<Cidr> randomSources(Random random, int count) {
        List<Cidr> sources = new ArrayList<>();
        boolean close = random.nextBoolean();
        for (int i = 0; i < count; i++) {
            int length = random.nextInt(6) == 0 ? random.nextInt(129) : 32 * (1 + random.nextInt(4));
            boolean isIpv4 = random.nextBoolean();
            sources.add(
                    isIpv4
                            ? new Cidr(randomIpv4(random, close), random.nextBoolean() ? 128 : 96 + random.nextInt(33))
                            : new Cidr(randomIpv6(random, close), Math.max(length, close ? 0 : 12)));
        }
        return sources;
    }

    private static IpAddress randomIpv4(Random random, boolean close) {
        return IpAddress.ofIpv4(close ? 0x7FFFFFF8 + random.nextInt(24) : random.nextInt());
    }

    private static IpAddress randomIpv6(Random random, boolean close) {
        return close
                ? new IpAddress(
                        0x20010DB8_00000000L | (long) random.nextInt(3) << 32 | random.nextInt(3),
                        (long) random.nextInt(3) << 32 | random.nextInt(3))
                : new IpAddress(random.nextLong(), random.nextLong());
    }

    private static List<IpAddress> interestingAddresses(Random random, List<Cidr> sources) {
        List<IpAddress> addresses = new ArrayList<>();
        for (Cidr source : sources) {
            IpAddress first = source.network();
            IpAddress last = source.last();
            addresses.add(first);
            addresses.add(last);
            addresses.add(new IpAddress(first.high(), first.low() - 1));
            addresses.add(new IpAddress(last.high(), last.low() + 1));
            addresses.add(new IpAddress(last.high() + 1, first.low()));
            addresses.add(new IpAddress(first.high() ^ 1L << random.nextInt(64), first.low()));
            addresses.add(new IpAddress(first.high(), first.low() ^ 1L << random.nextInt(64)));
        }
        for (int i = 0; i < 8; i++) {
            addresses.add(randomIpv4(random, i % 2 == 0));
            addresses.add(randomIpv6(random, i % 2 == 0));
        }
        return addresses;
    }
}
