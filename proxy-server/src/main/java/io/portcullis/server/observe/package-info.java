/** What the proxy tells people about its work: the access log, the ban log, the operator's log. */
@NullMarked
package io.portcullis.server.observe;

import org.jspecify.annotations.NullMarked;
