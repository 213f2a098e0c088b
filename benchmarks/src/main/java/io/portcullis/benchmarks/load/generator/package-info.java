/**
 * The load process: one event loop on epoll, buffers that are built before, a parser of answers that reads no more than it
 * must. It shares its cores with the application, so what it spends is missing there.
 *
 * <p>Begin at {@link io.portcullis.benchmarks.load.generator.LoadMain}, then {@link
 * io.portcullis.benchmarks.load.generator.Kind}.
 */
@NullMarked
package io.portcullis.benchmarks.load.generator;

import org.jspecify.annotations.NullMarked;
