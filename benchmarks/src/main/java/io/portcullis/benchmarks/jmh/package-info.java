/**
 * What it costs: JMH benchmarks. After {@code mvn package} run them from {@code benchmarks/} by
 * {@code java -cp "target/classes:../proxy-core/target/classes:target/lib/*" org.openjdk.jmh.Main -prof gc}.
 */
@NullMarked
package io.portcullis.benchmarks.jmh;

import org.jspecify.annotations.NullMarked;
