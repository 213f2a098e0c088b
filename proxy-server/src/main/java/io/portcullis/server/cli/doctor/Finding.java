package io.portcullis.server.cli.doctor;

/**
 * What a check found, in words.
 *
 * @param check the check's name
 * @param what is so
 * @param advice what to do about it; empty where nothing is to be done
 */
public record Finding(Severity severity, String check, String what, String advice) {

    /** How bad it is. */
    public enum Severity {
        OK,
        /** It works, and may not for long, or not as was meant. */
        WARN,
        /** Something does not work, or does not do what it is there for. */
        PROBLEM
    }
}
