/** Portcullis and what it is measured against: how each is found, configured, started, watched and ended. */
@NullMarked
package io.portcullis.benchmarks.peer;

import org.jspecify.annotations.NullMarked;
