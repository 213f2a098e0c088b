package io.portcullis.core.net;

import static io.portcullis.core.net.Literals.address;
import static io.portcullis.core.net.Literals.blocks;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An address missing from the allowlist's set bans the operator; one too many lets an attacker go on. */
final class CidrSetTest {

    @Test
    void agreesWithAskingEachBlockWhateverTheBlocksAre() {
        Random random = new Random(7);
        for (int round = 0; round < 2_000; round++) {
            List<Cidr> blocks = randomBlocks(random);
            CidrSet set = CidrSet.of(blocks);
            for (IpAddress address : interestingAddresses(random, blocks)) {
                boolean expected = blocks.stream().anyMatch(block -> block.contains(address));
                assertThat(set.contains(address))
                        .as("%s in %s", address, blocks)
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void knowsWhetherItHasAllOrAnyOfABlock() {
        Random random = new Random(8);
        for (int round = 0; round < 2_000; round++) {
            List<Cidr> blocks = randomBlocks(random);
            CidrSet set = CidrSet.of(blocks);
            for (Cidr asked : randomBlocks(random)) {
                boolean any = blocks.stream()
                        .anyMatch(block -> block.contains(asked.network()) || asked.contains(block.network()));
                assertThat(set.intersects(asked)).as("%s and %s", asked, blocks).isEqualTo(any);
                boolean inOne = blocks.stream()
                        .anyMatch(block -> block.contains(asked.network()) && block.contains(asked.last()));
                boolean isEachEnd = set.contains(asked.network()) && set.contains(asked.last());
                assertThat(set.contains(asked)).as("%s in %s", asked, blocks).isIn(inOne, isEachEnd);
                assertThat(set.contains(asked) || !inOne).isTrue();
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0.0.0.0/0 | 0.0.0.0 255.255.255.255 128.0.0.1 ::ffff:1.2.3.4 | :: ::1 2001:db8::1 ::fffe:ffff:ffff",
                "::/0 | 0.0.0.0 255.255.255.255 :: ffff:: ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff |",
                "::ffff:0:0/96 | 0.0.0.0 255.255.255.255 | :: ::1:0:0:0",
                "::ffff:10.0.0.0/104 | 10.0.0.0 10.255.255.255 | 9.255.255.255 11.0.0.0 ::a00:1",
                "::fffe:0:0/95 | 0.0.0.0 255.255.255.255 ::fffe:0:1 | ::fffd:ffff:ffff ::1:0:0:0",
                "10.0.0.0/25 10.0.0.128/25 | 10.0.0.0 10.0.0.127 10.0.0.128 10.0.0.255 | 9.255.255.255 10.0.1.0",
                "10.0.0.0/8 10.1.0.0/16 10.0.0.0/24 | 10.0.0.0 10.1.2.3 10.255.255.255 | 11.0.0.0",
                "127.0.0.0/8 128.0.0.0/8 | 127.255.255.255 128.0.0.0 | 126.255.255.255 129.0.0.0",
                "7fff::/16 8000::/16 | 7fff:: 8000::1 | 7ffe:: 8001::",
                "::1 127.0.0.1 | ::1 127.0.0.1 | ::2 127.0.0.2 ::127.0.0.1",
            })
    void holdsTheEdgesOfItsBlocks(String blocks, String inside, @Nullable String outside) {
        CidrSet set = blocks(blocks.split(" "));
        assertThat(inside.split(" ")).allMatch(address -> set.contains(address(address)));
        if (outside != null) {
            assertThat(outside.split(" ")).noneMatch(address -> set.contains(address(address)));
        }
    }

    @Test
    void theEmptySetHoldsNobody() {
        assertThat(CidrSet.EMPTY.isEmpty()).isTrue();
        assertThat(CidrSet.EMPTY.contains(address("0.0.0.0"))).isFalse();
        assertThat(CidrSet.EMPTY.contains(address("::"))).isFalse();
        assertThat(blocks("::1").isEmpty()).isFalse();
        assertThat(blocks("10.0.0.1").isEmpty()).isFalse();
    }

    private static List<Cidr> randomBlocks(Random random) {
        List<Cidr> blocks = new ArrayList<>();
        int count = random.nextInt(12);
        for (int i = 0; i < count; i++) {
            if (!blocks.isEmpty() && random.nextInt(3) == 0) {
                // Beside or inside one that is there.
                Cidr other = blocks.get(random.nextInt(blocks.size()));
                IpAddress near = random.nextBoolean() ? next(other.last()) : other.network();
                blocks.add(new Cidr(near, Math.min(128, other.prefixLength() + random.nextInt(3))));
            } else {
                IpAddress network = IpAddress.ofBytes(IpAddressTest.sparseBytes(random, random.nextBoolean() ? 4 : 16));
                blocks.add(new Cidr(network, random.nextInt(129)));
            }
        }
        return blocks;
    }

    private static List<IpAddress> interestingAddresses(Random random, List<Cidr> blocks) {
        List<IpAddress> addresses = new ArrayList<>();
        for (Cidr block : blocks) {
            addresses.add(block.network());
            addresses.add(previous(block.network()));
            addresses.add(block.last());
            addresses.add(next(block.last()));
        }
        for (int i = 0; i < 10; i++) {
            addresses.add(IpAddress.ofBytes(IpAddressTest.sparseBytes(random, random.nextBoolean() ? 4 : 16)));
        }
        return addresses;
    }

    private static IpAddress next(IpAddress address) {
        return new IpAddress(address.low() == -1 ? address.high() + 1 : address.high(), address.low() + 1);
    }

    private static IpAddress previous(IpAddress address) {
        return new IpAddress(address.low() == 0 ? address.high() - 1 : address.high(), address.low() - 1);
    }
}
