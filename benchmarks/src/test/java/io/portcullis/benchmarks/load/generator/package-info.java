/** The load process: what it reads, when it sends, and each kind against a real application. */
@NullMarked
package io.portcullis.benchmarks.load.generator;

import org.jspecify.annotations.NullMarked;
