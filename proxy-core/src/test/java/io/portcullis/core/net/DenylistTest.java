package io.portcullis.core.net;

import static io.portcullis.core.net.Literals.address;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Millions of addresses are refused by it, and the person who is among them by mistake asks which line says so. */
final class DenylistTest {

    @Test
    void agreesWithAskingEachBlockWhateverTheBlocksAre() {
        Random random = new Random(11);
        for (int round = 0; round < 500; round++) {
            List<Cidr> blocks = randomBlocks(random, 1 + random.nextInt(60));
            Denylist denylist = denylist(blocks);
            assertThat(denylist.size()).isEqualTo(blocks.stream().distinct().count());
            for (int i = 0; i < 40; i++) {
                Cidr block = blocks.get(random.nextInt(blocks.size()));
                assertSame(denylist, blocks, block.network());
                assertSame(denylist, blocks, block.last());
                assertSame(denylist, blocks, randomAddress(random));
            }
        }
    }

    /** Many ranges are looked up by another way than few. */
    @Test
    void agreesWithAskingEachBlockWhereThereAreManyOfThem() {
        Random random = new Random(13);
        List<Cidr> blocks = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            blocks.add(new Cidr(IpAddress.ofIpv4(random.nextInt() & 0x00FF_FFFF), 120 + random.nextInt(9)));
        }
        blocks.add(Objects.requireNonNull(Cidr.parse("64.0.0.0/7")));
        blocks.add(Objects.requireNonNull(Cidr.parse("255.255.255.255")));
        Denylist denylist = denylist(blocks);
        for (int i = 0; i < 500; i++) {
            assertSame(denylist, blocks, IpAddress.ofIpv4(random.nextInt() & 0x00FF_FFFF));
            assertSame(denylist, blocks, IpAddress.ofIpv4(random.nextInt()));
            assertSame(
                    denylist, blocks, blocks.get(random.nextInt(blocks.size())).last());
        }
        for (String edge : new String[] {"0.0.0.0", "63.255.255.255", "64.0.0.0", "65.255.255.255", "66.0.0.0"}) {
            assertSame(denylist, blocks, address(edge));
        }
        assertThat(denylist.contains(address("255.255.255.255"))).isTrue();
        assertThat(denylist.contains(address("255.255.255.254"))).isFalse();
    }

    @Test
    void tellsTheLongestOfTheBlocksThatHaveTheAddress() {
        Denylist denylist = denylist(List.of(cidr("::/0"), cidr("10.0.0.0/8"), cidr("10.1.0.0/16"), cidr("10.1.2.3")));

        assertThat(denylist.longestMatch(address("10.1.2.3"))).contains(cidr("10.1.2.3"));
        assertThat(denylist.longestMatch(address("10.1.2.4"))).contains(cidr("10.1.0.0/16"));
        assertThat(denylist.longestMatch(address("10.2.0.0"))).contains(cidr("10.0.0.0/8"));
        assertThat(denylist.longestMatch(address("11.0.0.0"))).contains(cidr("::/0"));
        assertThat(denylist.longestMatch(address("2001:db8::1"))).contains(cidr("::/0"));
    }

    /** A list that gives many times what it covers once is no larger for it. */
    @Test
    void blocksThatAreListedTwiceAreHeldOnce() {
        Denylist denylist =
                denylist(List.of(cidr("10.0.0.7"), cidr("2001:db8::/32"), cidr("10.0.0.7"), cidr("2001:db8::/32")));

        assertThat(denylist.size()).isEqualTo(2);
    }

    /** Networks may be written with bits after the prefix, as people do. */
    @Test
    void bitsAfterThePrefixAreCleared() {
        IpAddress written = address("10.1.2.3");
        Denylist denylist = Denylist.builder()
                .add(written.high(), written.low(), 104)
                .add(0x2001_0db8_0000_0001L, 5, 32)
                .build();

        assertThat(denylist.longestMatch(address("10.200.0.1"))).contains(cidr("10.0.0.0/8"));
        assertThat(denylist.longestMatch(address("2001:db8:ffff::"))).contains(cidr("2001:db8::/32"));
    }

    @Test
    void theEmptyListHoldsNobody() {
        assertThat(Denylist.EMPTY.contains(address("::"))).isFalse();
        assertThat(Denylist.EMPTY.contains(address("0.0.0.0"))).isFalse();
        assertThat(Denylist.EMPTY.longestMatch(address("10.0.0.1"))).isEmpty();
    }

    private static void assertSame(Denylist denylist, List<Cidr> blocks, IpAddress address) {
        Optional<Cidr> expected = blocks.stream()
                .filter(block -> block.contains(address))
                .max(Comparator.comparingInt(Cidr::prefixLength));
        assertThat(denylist.contains(address)).as("%s", address).isEqualTo(expected.isPresent());
        assertThat(denylist.longestMatch(address)).as("%s", address).isEqualTo(expected);
    }

    private static List<Cidr> randomBlocks(Random random, int count) {
        List<Cidr> blocks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            IpAddress near = !blocks.isEmpty() && random.nextInt(3) == 0
                    ? blocks.get(random.nextInt(blocks.size())).last()
                    : randomAddress(random);
            // Short prefixes are rare, or each list would be everybody.
            blocks.add(new Cidr(near, random.nextInt(10) == 0 ? random.nextInt(129) : 100 + random.nextInt(29)));
        }
        return blocks;
    }

    private static IpAddress randomAddress(Random random) {
        return IpAddress.ofBytes(IpAddressTest.sparseBytes(random, random.nextBoolean() ? 4 : 16));
    }

    private static Denylist denylist(List<Cidr> blocks) {
        Denylist.Builder builder = Denylist.builder();
        blocks.forEach(builder::add);
        return builder.build();
    }

    private static Cidr cidr(String text) {
        return Objects.requireNonNull(Cidr.parse(text));
    }
}
