/** Where HTTP/1.1 messages begin and end, for load and application alike. Depends on nothing here. */
@NullMarked
package io.portcullis.benchmarks.http;

import org.jspecify.annotations.NullMarked;
