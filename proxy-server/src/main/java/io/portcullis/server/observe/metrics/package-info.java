/** What the process counts of itself, and how a scrape reads it. */
@NullMarked
package io.portcullis.server.observe.metrics;

import org.jspecify.annotations.NullMarked;
