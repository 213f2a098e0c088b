/** Who is refused, why and until when. The {@link io.portcullis.core.ban.BanEngine} alone decides. */
@NullMarked
package io.portcullis.core.ban;

import org.jspecify.annotations.NullMarked;
