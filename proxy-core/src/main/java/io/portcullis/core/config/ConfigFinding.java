package io.portcullis.core.config;

/** What a load of a configuration has to tell its operator about one place in it. */
public sealed interface ConfigFinding permits ConfigProblem, ConfigWarning {

    /** As the operator knows it. */
    String file();

    /** 1-based; 0 where there is none. */
    int line();

    /** The key's path in the file; empty where it is the file itself. */
    String path();

    /** What it is, with the value and what was expected. */
    String message();
}
