/** What {@code portcullis doctor} looks at: one small class a check, all listed in {@link Doctor}. */
@NullMarked
package io.portcullis.server.cli.doctor;

import org.jspecify.annotations.NullMarked;
