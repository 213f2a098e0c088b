/** Which virtual host and which route answer a request. */
@NullMarked
package io.portcullis.core.route;

import org.jspecify.annotations.NullMarked;
