/** Benchmarks of what the engine does not show outside its package. */
@NullMarked
package io.portcullis.core.ban;

import org.jspecify.annotations.NullMarked;
