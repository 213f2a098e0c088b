@NullMarked
package io.portcullis.benchmarks.report;

import org.jspecify.annotations.NullMarked;
