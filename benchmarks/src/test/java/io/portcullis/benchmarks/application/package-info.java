/** What the application reads and answers. */
@NullMarked
package io.portcullis.benchmarks.application;

import org.jspecify.annotations.NullMarked;
