@NullMarked
package io.portcullis.benchmarks.peer;

import org.jspecify.annotations.NullMarked;
