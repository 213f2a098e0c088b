@NullMarked
package io.portcullis.benchmarks.scenario;

import org.jspecify.annotations.NullMarked;
