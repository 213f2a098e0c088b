/** What a request says, read strictly: its head, its path, and the header fields that a proxy must mind. */
@NullMarked
package io.portcullis.core.http;

import org.jspecify.annotations.NullMarked;
