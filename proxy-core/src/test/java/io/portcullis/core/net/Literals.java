package io.portcullis.core.net;

import java.util.Arrays;
import java.util.Objects;

/** Addresses and blocks as tests write them; a typing error fails the test that made it. */
public final class Literals {

    private Literals() {}

    public static IpAddress address(String text) {
        return Objects.requireNonNull(IpAddress.parse(text), text);
    }

    public static Cidr block(String text) {
        return Objects.requireNonNull(Cidr.parse(text), text);
    }

    public static CidrSet blocks(String... texts) {
        return CidrSet.of(Arrays.stream(texts).map(Literals::block).toList());
    }
}
