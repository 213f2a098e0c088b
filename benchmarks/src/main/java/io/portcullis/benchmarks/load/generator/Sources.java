package io.portcullis.benchmarks.load.generator;

import io.netty.util.NetUtil;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The addresses that a load connects from, each in its turn; or whichever the kernel takes. Of the event loop. */
final class Sources {

    private final List<InetSocketAddress> addresses;
    private int turn;

    private Sources(List<InetSocketAddress> addresses) {
        this.addresses = addresses;
    }

    static Sources of(LoadOptions options) {
        if (options.texts(Option.SOURCE).isEmpty()) {
            return new Sources(List.of());
        }
        int first = NetUtil.ipv4AddressToInt((Inet4Address) address(options.text(Option.SOURCE)));
        List<InetSocketAddress> addresses = new ArrayList<>();
        for (int i = 0; i < options.count(Option.SOURCES); i++) {
            addresses.add(new InetSocketAddress(address(NetUtil.intToIpAddress(first + i)), 0));
        }
        InetSocketAddress last = addresses.get(addresses.size() - 1);
        if (!last.getAddress().isLoopbackAddress()) {
            throw new IllegalArgumentException(
                    "--sources: " + addresses.size() + ", up to " + last + " (expected: all of 127.0.0.0/8)");
        }
        return new Sources(addresses);
    }

    @Nullable
    InetSocketAddress next() {
        if (addresses.isEmpty()) {
            return null;
        }
        turn = turn + 1 >= addresses.size() ? 0 : turn + 1;
        return addresses.get(turn);
    }

    private static InetAddress address(String numbers) {
        try {
            return InetAddress.getByName(numbers);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(numbers + " (expected: an address in numbers)", e);
        }
    }
}
