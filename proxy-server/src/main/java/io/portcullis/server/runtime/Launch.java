package io.portcullis.server.runtime;

import java.nio.file.Path;

/**
 * How a process was started, for one that is to start its successor.
 *
 * @param home the folder above the launcher's
 * @param configFile that it runs with
 * @param takesOver whether it takes the place of a process that runs with the same configuration
 */
public record Launch(Path home, Path configFile, boolean takesOver) {}
