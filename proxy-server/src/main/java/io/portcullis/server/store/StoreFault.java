package io.portcullis.server.store;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStoreException;

/** Why the file cannot be used, in words for the operator. */
final class StoreFault extends Exception {
    private static final long serialVersionUID = 1L;

    private final Kind kind;

    /** What can be done about it. */
    enum Kind {
        /** Another process has it: wait. */
        IN_USE(""),
        /** The disk or its permissions: wait. */
        AWAY(""),
        /** What stands in it is damaged: begin another. */
        DAMAGED("corrupt"),
        /** A later version wrote it: begin another. */
        NEWER("newer");

        /** What the file is called where it is set aside; empty where it is left alone. */
        final String aside;

        Kind(String aside) {
            this.aside = aside;
        }

        /** Whether only another file helps. */
        boolean isOfFile() {
            return !aside.isEmpty();
        }
    }

    StoreFault(Kind kind, String message, Throwable cause) {
        super(message, cause, false, false);
        this.kind = kind;
    }

    Kind kind() {
        return kind;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }

    static StoreFault readOnly(Path file) {
        String message = file + " or its disk is read-only; make it writable for this user";
        return new StoreFault(Kind.AWAY, message, new IOException("read-only"));
    }

    /** What was written last is missing; what was whole before has been read. */
    static StoreFault setBack(Path file) {
        String message =
                file + " lacks what was written last (cut off, or the machine lost power), and later bans are lost";
        return new StoreFault(Kind.DAMAGED, message, new IOException("set back"));
    }

    /** Some bans were left out, for what is stored of them can't be. */
    static StoreFault unsoundBans(Path file, int count) {
        String message = "of the bans in " + file + ", " + count + " were damaged and are left out";
        return new StoreFault(Kind.DAMAGED, message, new IOException("unsound bans"));
    }

    static StoreFault newer(Path file, Throwable cause) {
        return new StoreFault(Kind.NEWER, file + " was written by a later version", cause);
    }

    /** What a fault in the use of the file means. */
    static StoreFault of(Path file, Throwable thrown) {
        int code = thrown instanceof MVStoreException store ? store.getErrorCode() : DataUtils.ERROR_INTERNAL;
        if (code == DataUtils.ERROR_FILE_LOCKED) {
            String message = file + " is in use by another process; end that one, or give this one a path of its own"
                    + " (bans.store.path)";
            return new StoreFault(Kind.IN_USE, message, thrown);
        }
        if (code == DataUtils.ERROR_UNSUPPORTED_FORMAT) {
            return newer(file, thrown);
        }
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            // An end of file too soon is a file cut off, not a disk that fails.
            if (cause instanceof IOException && !(cause instanceof EOFException)) {
                return new StoreFault(Kind.AWAY, "cannot use " + file + ": " + words(cause), thrown);
            }
            if (cause instanceof OutOfMemoryError) {
                return new StoreFault(Kind.AWAY, "not enough memory to use " + file + " (raise -Xmx)", thrown);
            }
        }
        if (code == DataUtils.ERROR_WRITING_FAILED || code == DataUtils.ERROR_CLOSED) {
            return new StoreFault(Kind.AWAY, "cannot use " + file + ": " + words(thrown), thrown);
        }
        return new StoreFault(Kind.DAMAGED, file + " is damaged (" + words(thrown) + ")", thrown);
    }

    /** Java says only the path where a permission or a folder is missing; the kind of the exception says which. */
    private static String words(Throwable thrown) {
        String text = String.valueOf(thrown.getMessage());
        int line = text.indexOf('\n');
        String name = thrown.getClass().getSimpleName();
        return (thrown instanceof MVStoreException ? "" : name + ": ") + (line < 0 ? text : text.substring(0, line));
    }
}
