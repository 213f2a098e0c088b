/** Other processes: on which cores they run, what they say, and that they end. Depends on nothing here. */
@NullMarked
package io.portcullis.benchmarks.process;

import org.jspecify.annotations.NullMarked;
