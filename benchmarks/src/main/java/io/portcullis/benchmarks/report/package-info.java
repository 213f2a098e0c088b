/** What a run of the benchmarks found, for people and for programs: as text, as one HTML page, as JSON. */
@NullMarked
package io.portcullis.benchmarks.report;

import org.jspecify.annotations.NullMarked;
