package io.portcullis.core.route;

import java.util.SortedMap;

/** The fixed parts of wildcard names, sorted, so that a part of a host is found among them without being cut out. */
final class FixedParts {

    private final String[] parts;
    private final VirtualHost[] hosts;

    private FixedParts(String[] parts, VirtualHost[] hosts) {
        this.parts = parts;
        this.hosts = hosts;
    }

    static FixedParts of(SortedMap<String, VirtualHost> hostsByPart) {
        return new FixedParts(
                hostsByPart.keySet().toArray(String[]::new),
                hostsByPart.values().toArray(VirtualHost[]::new));
    }

    boolean isEmpty() {
        return parts.length == 0;
    }

    VirtualHost host(int index) {
        return hosts[index];
    }

    int length(int index) {
        return parts[index].length();
    }

    /** Where {@code host}'s part from {@code start} to {@code end} is; negative where it is not. */
    int indexOf(String host, int start, int end) {
        int low = 0;
        int high = parts.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = compare(parts[middle], host, start, end);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1;
    }

    /** The order of {@link String#compareTo}. */
    private static int compare(String part, String host, int start, int end) {
        int common = Math.min(part.length(), end - start);
        for (int i = 0; i < common; i++) {
            int order = Character.compare(part.charAt(i), host.charAt(start + i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(part.length(), end - start);
    }
}
