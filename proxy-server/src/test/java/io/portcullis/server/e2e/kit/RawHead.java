package io.portcullis.server.e2e.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** A start line and its header lines, in the order of the wire. */
public record RawHead(String startLine, List<RawField> fields) {

    public RawHead {
        fields = List.copyOf(fields);
    }

    /** The values of all lines of that name; empty where there is none. */
    public List<String> values(String name) {
        return fields.stream()
                .filter(field -> field.name().equalsIgnoreCase(name))
                .map(RawField::value)
                .toList();
    }

    /** The value of the only line of that name; fails where there is none or a second. */
    public String value(String name) {
        List<String> values = values(name);
        assertThat(values).as("%s in%n%s", name, this).hasSize(1);
        return values.get(0);
    }

    public boolean has(String name) {
        return !values(name).isEmpty();
    }

    boolean isChunked() {
        return values("Transfer-Encoding").stream().anyMatch("chunked"::equalsIgnoreCase);
    }

    /** The word of the start line: method, target, version; or version, status. */
    String word(int index) {
        String[] words = startLine.split(" ", 3);
        return index < words.length ? words[index] : "";
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(startLine);
        fields.forEach(
                field -> text.append('\n').append(field.name()).append(": ").append(field.value()));
        return text.toString();
    }
}
