package io.portcullis.server.config;

import io.portcullis.core.config.ConfigProblem;
import io.portcullis.core.config.ConfigWarning;
import io.portcullis.core.config.PortcullisConfig;
import java.util.List;
import java.util.stream.Collectors;

/** What became of loading a configuration: all of it, or none of it and why. */
public sealed interface LoadResult {

    /**
     * The configuration, for those who have no use for problems.
     *
     * @throws IllegalStateException if it was refused; the message lists every problem, one a line
     */
    PortcullisConfig orElseThrow();

    /**
     * The configuration is valid.
     *
     * @param files the files that it was read from, as the operator knows them: the main file, then one for each
     *     virtual host. Files that these include or name are not listed
     * @param warnings what the operator should know all the same, in the order of files and lines
     */
    record Loaded(PortcullisConfig config, List<String> files, List<ConfigWarning> warnings) implements LoadResult {
        public Loaded {
            warnings = List.copyOf(warnings);
            files = List.copyOf(files);
        }

        @Override
        public PortcullisConfig orElseThrow() {
            return config;
        }
    }

    /**
     * The configuration is refused whole.
     *
     * @param problems at least one, in the order of files and lines
     */
    record Refused(List<ConfigProblem> problems) implements LoadResult {
        public Refused {
            problems = List.copyOf(problems);
        }

        @Override
        public PortcullisConfig orElseThrow() {
            throw new IllegalStateException(
                    problems.stream().map(ConfigProblem::toString).collect(Collectors.joining("\n")));
        }
    }
}
