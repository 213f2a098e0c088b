@NullMarked
package io.portcullis.benchmarks.result;

import org.jspecify.annotations.NullMarked;
