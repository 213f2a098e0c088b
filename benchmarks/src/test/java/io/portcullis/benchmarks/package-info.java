@NullMarked
package io.portcullis.benchmarks;

import org.jspecify.annotations.NullMarked;
