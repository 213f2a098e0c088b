/** The typed configuration: records, and each default named once. */
@NullMarked
package io.portcullis.core.config;

import org.jspecify.annotations.NullMarked;
