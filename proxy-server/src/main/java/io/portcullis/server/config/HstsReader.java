package io.portcullis.server.config;

import io.portcullis.core.config.Defaults;
import io.portcullis.core.config.HttpsConfig.Hsts;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Reads {@code hsts}: a duration, or a block. */
final class HstsReader {

    /** What those who keep the browsers' lists ask for. */
    private static final Duration LISTED_MAX_AGE = Duration.ofDays(365);

    private HstsReader() {}

    static @Nullable Hsts read(Setting setting) {
        if (setting.isBlock()) {
            return setting.block(HstsReader::readBlock);
        }
        Duration maxAge = setting.wholeSeconds();
        return maxAge == null ? null : new Hsts(maxAge, false, false);
    }

    private static @Nullable Hsts readBlock(Section section) {
        Setting setting = section.required("max-age", "a duration such as 365d");
        Duration maxAge = setting == null ? null : setting.wholeSeconds();
        boolean includeSubdomains = section.flag("include-subdomains", Defaults.HSTS_INCLUDE_SUBDOMAINS);
        Given<Boolean> preload = section.readIfGiven("preload", Given.of(Setting::flag));
        boolean preloads = Given.orElse(preload, Defaults.HSTS_PRELOAD);
        if (maxAge == null) {
            return null;
        }
        boolean isListed = includeSubdomains && maxAge.compareTo(LISTED_MAX_AGE) >= 0;
        if (preload != null && preloads && !isListed) {
            preload.setting()
                    .warning("true, and no list takes the host (expected include-subdomains = true and a max-age of"
                            + " at least 365d beside it)");
        }
        return new Hsts(maxAge, includeSubdomains, preloads);
    }
}
