/** What is measured: each scenario with its load, its setup of the proxies, and its figures. */
@NullMarked
package io.portcullis.benchmarks.scenario;

import org.jspecify.annotations.NullMarked;
