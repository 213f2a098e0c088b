/**
 * What makes the requests: wrk and h2load where they fit, and where they do not a process of our own.
 *
 * <p>Loads go to this machine's own addresses only.
 */
@NullMarked
package io.portcullis.benchmarks.load;

import org.jspecify.annotations.NullMarked;
