package io.portcullis.core.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.core.FuzzSeeds;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Any text as a list of blocks, one a line. If it breaks: an allowlist or a ban holds other addresses than it says. */
class CidrFuzzTest {

    /** @param octets the lines */
    public static void fuzzerTestOneInput(byte[] octets) {
        List<Cidr> blocks = new ArrayList<>();
        for (String line : new String(octets, UTF_8).split("\n", 64)) {
            Cidr block = Cidr.parse(line);
            if (block != null) {
                blocks.add(block);
                checkText(line, block);
            }
        }
        CidrSet set = CidrSet.of(blocks);
        for (Cidr block : blocks) {
            checkMembers(blocks, set, block.network());
            checkMembers(blocks, set, block.last());
            checkMembers(
                    blocks, set, new IpAddress(block.last().high(), block.last().low() + 1));
            checkMembers(
                    blocks,
                    set,
                    new IpAddress(block.network().high(), block.network().low() - 1));
        }
    }

    private static void checkText(String line, Cidr block) {
        assertThat(Cidr.parse(block.toString())).as(line).isEqualTo(block);
        assertThat(block.contains(block.network())).as(line).isTrue();
        assertThat(block.contains(block.last())).as(line).isTrue();
        int slash = line.indexOf('/');
        String text = slash < 0 ? line : line.substring(0, slash);
        IpAddress address = IpAddress.parse(text);
        if (address != null) {
            assertThat(block.contains(address)).as(line).isTrue();
            assertThat(IpAddress.of(literal(text))).as(line).isEqualTo(address);
        }
    }

    /** As the platform reads it, which has a parser of its own. A text that is no literal would be looked up. */
    private static InetAddress literal(String text) {
        assertThat(text).as("an address").matches("[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new AssertionError(text, e);
        }
    }

    private static void checkMembers(List<Cidr> blocks, CidrSet set, IpAddress address) {
        boolean expected = blocks.stream().anyMatch(block -> block.contains(address));
        assertThat(set.contains(address)).as("%s in %s", address, blocks).isEqualTo(expected);
    }

    @TestFactory
    List<DynamicTest> seeds() throws IOException {
        return FuzzSeeds.replay(CidrFuzzTest.class, CidrFuzzTest::fuzzerTestOneInput);
    }
}
