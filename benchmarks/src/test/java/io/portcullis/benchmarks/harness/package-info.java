@NullMarked
package io.portcullis.benchmarks.harness;

import org.jspecify.annotations.NullMarked;
