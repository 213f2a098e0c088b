/** Runs the scenarios: on which cores, in which order, for how long, and what is left behind (nothing). */
@NullMarked
package io.portcullis.benchmarks.harness;

import org.jspecify.annotations.NullMarked;
