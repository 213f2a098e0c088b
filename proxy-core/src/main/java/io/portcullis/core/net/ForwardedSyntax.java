package io.portcullis.core.net;

import org.jspecify.annotations.Nullable;

/**
 * How a header field lists the hops that a request came through, the newest last.
 *
 * <p>Both are read from the right. What stands there was written by the nearest proxy, which is trusted; what stands to
 * the left may be a stranger's, and an open quote or other garbage in it must not change how the trusted part reads.
 */
public enum ForwardedSyntax {
    /** Addresses between commas, each with or without a port, as in {@code X-Forwarded-For}. One address is a list too. */
    ADDRESS_LIST {
        @Override
        int elementStart(String value, int end) {
            return value.lastIndexOf(',', end - 1) + 1;
        }

        @Override
        @Nullable
        IpAddress address(String value, int start, int end) {
            return ForwardedNode.parse(value, start, end);
        }
    },

    /** RFC 7239's elements, of which the {@code for} parameter counts. */
    FORWARDED {
        @Override
        int elementStart(String value, int end) {
            return ForwardedElement.start(value, end);
        }

        @Override
        @Nullable
        IpAddress address(String value, int start, int end) {
            return ForwardedElement.address(value, start, end);
        }
    };

    /**
     * Where the last element before {@code end} begins: at 0, or after a comma.
     *
     * @return -1 where that can't be told
     */
    abstract int elementStart(String value, int end);

    /**
     * The address that an element names.
     *
     * @param start as {@link #elementStart} gave it; optional whitespace around the element is not yet cut
     * @return null where it names none that can be understood
     */
    abstract @Nullable IpAddress address(String value, int start, int end);
}
