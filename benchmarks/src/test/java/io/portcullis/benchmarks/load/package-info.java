/** What the loads read, and where they may go. */
@NullMarked
package io.portcullis.benchmarks.load;

import org.jspecify.annotations.NullMarked;
