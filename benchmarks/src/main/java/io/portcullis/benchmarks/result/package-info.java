/** What a run of the benchmarks found, as values: from the single round up to the report. Depends on nothing here. */
@NullMarked
package io.portcullis.benchmarks.result;

import org.jspecify.annotations.NullMarked;
