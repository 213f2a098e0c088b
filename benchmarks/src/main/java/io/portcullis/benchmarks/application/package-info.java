/** The application behind every peer, in a process of its own: it answers by path, and counts what reaches it. */
@NullMarked
package io.portcullis.benchmarks.application;

import org.jspecify.annotations.NullMarked;
