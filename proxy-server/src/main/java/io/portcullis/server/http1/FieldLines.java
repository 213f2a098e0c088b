package io.portcullis.server.http1;

import io.netty.handler.codec.DateFormatter;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.AbstractMap.SimpleImmutableEntry;
import java.util.ArrayList;
import java.util.Calendar;
import java.util.Collections;
import java.util.Date;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Header fields as the octets that they came in.
 *
 * <p>A proxy passes nearly all fields on as they came. So a field is no object here: what is looked up is compared in
 * place, a value becomes a string when it is asked for, what is removed is only marked, what is added stands behind the
 * rest, and lines that still stand side by side are written by one copy.
 *
 * <p>Nothing gets in unchecked, so that nothing that is written can be read as another field or another message: from
 * octets only {@link FieldLineParser} makes it, and whatever else is added is checked as it is added. A received line
 * that is not spelled as {@code name: value} is spelled anew.
 *
 * <p>To its callers it is like Netty's own headers, but that iterators change nothing. Not thread-safe.
 */
public final class FieldLines extends StoredLines {

    private static final byte[] NO_OCTETS = {};

    public FieldLines() {
        this(NO_OCTETS, 0);
    }

    /** For {@link FieldLineParser} alone. */
    FieldLines(byte[] octets, int used) {
        super(octets, used);
    }

    /** None yet, with room for that many octets. */
    public static FieldLines withRoom(int octets) {
        return new FieldLines(new byte[octets], 0);
    }

    /** Those of other headers, which are checked. */
    public static FieldLines of(HttpHeaders headers) {
        FieldLines lines = new FieldLines();
        lines.add(headers);
        return lines;
    }

    // Changing

    @Override
    public HttpHeaders add(String name, Object value) {
        return add((CharSequence) name, value);
    }

    @Override
    public HttpHeaders add(CharSequence name, Object value) {
        note(put(name, text(value)));
        return this;
    }

    @Override
    public HttpHeaders add(String name, Iterable<?> values) {
        return add((CharSequence) name, values);
    }

    @Override
    public HttpHeaders add(CharSequence name, Iterable<?> values) {
        for (Object value : values) {
            add(name, value);
        }
        return this;
    }

    /** Adds a field whose value is 128 bits in 32 hexadecimal digits, high ones first. */
    public void addHex(CharSequence name, long high, long low) {
        note(putHex(name, high, low));
    }

    @Override
    public HttpHeaders add(HttpHeaders headers) {
        if (headers == this) {
            throw new IllegalArgumentException("headers added to themselves");
        }
        if (headers instanceof FieldLines lines) {
            append(lines);
        } else {
            headers.iteratorCharSequence().forEachRemaining(field -> add(field.getKey(), field.getValue()));
        }
        return this;
    }

    @Override
    public HttpHeaders addInt(CharSequence name, int value) {
        return add(name, (Object) value);
    }

    @Override
    public HttpHeaders addShort(CharSequence name, short value) {
        return add(name, (Object) value);
    }

    @Override
    public HttpHeaders set(String name, Object value) {
        return set((CharSequence) name, value);
    }

    @Override
    public HttpHeaders set(CharSequence name, Object value) {
        int line = put(name, text(value)); // before anything is removed: it may be refused
        remove(name);
        note(line);
        return this;
    }

    @Override
    public HttpHeaders set(String name, Iterable<?> values) {
        return set((CharSequence) name, values);
    }

    @Override
    public HttpHeaders set(CharSequence name, Iterable<?> values) {
        remove(name);
        return add(name, values);
    }

    @Override
    public HttpHeaders set(HttpHeaders headers) {
        if (headers != this) {
            clear();
            add(headers);
        }
        return this;
    }

    @Override
    public HttpHeaders setInt(CharSequence name, int value) {
        return set(name, (Object) value);
    }

    @Override
    public HttpHeaders setShort(CharSequence name, short value) {
        return set(name, (Object) value);
    }

    @Override
    public HttpHeaders remove(String name) {
        return remove((CharSequence) name);
    }

    @Override
    public HttpHeaders remove(CharSequence name) {
        for (int line = find(name, 0); line != NONE; line = find(name, line + WIDTH)) {
            take(line);
        }
        return this;
    }

    @Override
    public HttpHeaders clear() {
        takeAll();
        return this;
    }

    @Override
    public HttpHeaders copy() {
        return new FieldLines().add(this);
    }

    private static CharSequence text(Object value) {
        if (value instanceof CharSequence text) {
            return text;
        }
        if (value instanceof Date date) {
            return DateFormatter.format(date);
        }
        return value instanceof Calendar calendar ? DateFormatter.format(calendar.getTime()) : value.toString();
    }

    // Looking up

    /** How many fields have the name. */
    public int count(CharSequence name) {
        int found = 0;
        for (int line = find(name, 0); line != NONE; line = find(name, line + WIDTH)) {
            found++;
        }
        return found;
    }

    @Override
    public boolean contains(String name) {
        return find(name, 0) != NONE;
    }

    @Override
    public boolean contains(CharSequence name) {
        return find(name, 0) != NONE;
    }

    @Override
    public boolean isEmpty() {
        return live() == 0;
    }

    @Override
    public int size() {
        return live();
    }

    @Override
    public @Nullable String get(String name) {
        return get((CharSequence) name);
    }

    @Override
    public @Nullable String get(CharSequence name) {
        int line = find(name, 0);
        return line == NONE ? null : value(line);
    }

    /**
     * The value, where it is known what it will most likely be: then it costs no string.
     *
     * @param likely itself is returned where it is the value
     */
    public @Nullable String getLikely(CharSequence name, @Nullable String likely) {
        int line = find(name, 0);
        if (line == NONE) {
            return null;
        }
        return likely != null && isValue(line, likely) ? likely : value(line);
    }

    @Override
    public List<String> getAll(String name) {
        return getAll((CharSequence) name);
    }

    @Override
    public List<String> getAll(CharSequence name) {
        List<String> values = new ArrayList<>(1);
        for (int line = find(name, 0); line != NONE; line = find(name, line + WIDTH)) {
            values.add(value(line));
        }
        return values;
    }

    @Override
    public Iterator<String> valueStringIterator(CharSequence name) {
        return find(name, 0) == NONE
                ? Collections.emptyIterator()
                : getAll(name).iterator();
    }

    @Override
    public Iterator<? extends CharSequence> valueCharSequenceIterator(CharSequence name) {
        return valueStringIterator(name);
    }

    @Override
    public @Nullable Integer getInt(CharSequence name) {
        Long number = number(name, Integer.MIN_VALUE, Integer.MAX_VALUE);
        return number == null ? null : Integer.valueOf(number.intValue());
    }

    @Override
    public int getInt(CharSequence name, int otherwise) {
        Integer number = getInt(name);
        return number == null ? otherwise : number;
    }

    @Override
    public @Nullable Short getShort(CharSequence name) {
        Long number = number(name, Short.MIN_VALUE, Short.MAX_VALUE);
        return number == null ? null : Short.valueOf(number.shortValue());
    }

    @Override
    public short getShort(CharSequence name, short otherwise) {
        Short number = getShort(name);
        return number == null ? otherwise : number;
    }

    private @Nullable Long number(CharSequence name, long min, long max) {
        String value = get(name);
        try {
            long number = value == null ? Long.MIN_VALUE : Long.parseLong(value);
            return number < min || number > max ? null : Long.valueOf(number);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    @Override
    public @Nullable Long getTimeMillis(CharSequence name) {
        String value = get(name);
        Date date = value == null || value.isEmpty() ? null : DateFormatter.parseHttpDate(value);
        return date == null ? null : Long.valueOf(date.toInstant().toEpochMilli());
    }

    @Override
    public long getTimeMillis(CharSequence name, long otherwise) {
        Long millis = getTimeMillis(name);
        return millis == null ? otherwise : millis;
    }

    // Going through all of them

    @Override
    public Set<String> names() {
        Set<String> names = new LinkedHashSet<>();
        for (int line = present(0); line != NONE; line = present(line + WIDTH)) {
            names.add(name(line));
        }
        return names;
    }

    @Override
    public List<Map.Entry<String, String>> entries() {
        List<Map.Entry<String, String>> entries = new ArrayList<>(live());
        for (int line = present(0); line != NONE; line = present(line + WIDTH)) {
            entries.add(new SimpleImmutableEntry<>(name(line), value(line)));
        }
        return entries;
    }

    @Override
    @SuppressWarnings("deprecation") // for whoever calls it: what iterates over headers does
    public Iterator<Map.Entry<String, String>> iterator() {
        return entries().iterator();
    }

    @Override
    public Iterator<Map.Entry<CharSequence, CharSequence>> iteratorCharSequence() {
        return new Fields();
    }

    private final class Fields implements Iterator<Map.Entry<CharSequence, CharSequence>> {
        private int next = present(0);

        @Override
        public boolean hasNext() {
            return next != NONE;
        }

        @Override
        public Map.Entry<CharSequence, CharSequence> next() {
            int line = next;
            if (line == NONE) {
                throw new NoSuchElementException();
            }
            next = present(line + WIDTH);
            return new SimpleImmutableEntry<>(nameOctets(line), valueOctets(line));
        }
    }
}
