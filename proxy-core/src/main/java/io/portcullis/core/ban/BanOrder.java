package io.portcullis.core.ban;

import io.portcullis.core.config.JailConfig;
import io.portcullis.core.config.JailConfig.Action;
import io.portcullis.core.net.Cidr;
import java.time.Duration;

/**
 * A ban that a person makes.
 *
 * @param who an address, which stands for its whole {@link io.portcullis.core.net.ClientKey}, or a block
 * @param banTime {@link JailConfig#FOREVER} for a ban without an end
 * @param reason in the person's words; may be empty
 * @param forced whether it holds against the exempt, too
 */
public record BanOrder(Cidr who, BanScope scope, Duration banTime, Action action, String reason, boolean forced) {}
