package io.portcullis.server.config;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigValueFactory;
import io.portcullis.core.config.JailConfig;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A ban's length as people write it on a command line: as in a jail, but never without a unit. */
public final class BanTimeText {

    public static final String EXPECTED =
            "a duration with its unit, 1ms to " + Setting.LONGEST.toDays() + "d, such as 30m, 1h or 7d; or forever";

    private BanTimeText() {}

    /** The length, or null where the text is none: a bare number, which HOCON takes for milliseconds, is one too few. */
    public static @Nullable Duration parse(String text) {
        if (text.equals("forever")) {
            return JailConfig.FOREVER;
        }
        if (text.isEmpty() || !Character.isLetter(text.charAt(text.length() - 1))) {
            return null;
        }
        try {
            Duration duration = ConfigValueFactory.fromAnyRef(text).atKey("v").getDuration("v");
            boolean inRange = duration.compareTo(Duration.ofMillis(1)) >= 0 && duration.compareTo(Setting.LONGEST) <= 0;
            return inRange ? duration : null;
        } catch (ConfigException | ArithmeticException e) {
            return null;
        }
    }
}
