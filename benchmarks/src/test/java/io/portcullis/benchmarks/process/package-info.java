/** Processes that are started here. */
@NullMarked
package io.portcullis.benchmarks.process;

import org.jspecify.annotations.NullMarked;
