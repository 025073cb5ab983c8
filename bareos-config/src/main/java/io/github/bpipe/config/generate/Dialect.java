package io.github.bpipe.config.generate;

import io.github.bpipe.config.plugin.PluginLine;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whose configuration is generated, and what a new installation of it is called.
 *
 * @param bareosVersion major version, or 0 for Bacula 9.6
 */
public record Dialect(int bareosVersion) {
    /** As Debian packages it. */
    public static final Dialect BACULA = new Dialect(0);

    private static final int OLDEST = 20;
    private static final int NEWEST = 26;
    /** Since this one there is a faster signature than MD5. */
    private static final int XXH128 = 22;

    private static final Pattern VERSION = Pattern.compile("(\\d{2})(\\.\\d+)*");

    /**
     * Bareos of a version such as {@code 25} or {@code 25.1.0}.
     *
     * @throws Failure for one whose rules are not known
     */
    public static Dialect bareos(String version) throws Failure {
        Matcher matcher = VERSION.matcher(version);
        int major = matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
        if (major < OLDEST || major > NEWEST) {
            throw new Failure(
                    ExitCode.USAGE,
                    "no rules for Bareos " + version + ", known are " + OLDEST + " to " + NEWEST,
                    "give the version that bareos-fd --version prints");
        }
        return new Dialect(major);
    }

    public boolean isBacula() {
        return bareosVersion == 0;
    }

    /** {@code bareos} or {@code bacula}: the beginning of daemons' and folders' names. */
    public String prefix() {
        return isBacula() ? "bacula" : "bareos";
    }

    String describe() {
        return isBacula() ? "Bacula 9.6" : "Bareos " + bareosVersion;
    }

    /** Where its configuration lives. */
    String folder() {
        return "/etc/" + prefix();
    }

    String plugin(PluginLine line) throws Failure {
        return isBacula() ? line.positional() : line.named();
    }

    String signature() {
        return bareosVersion >= XXH128 ? "XXH128" : "MD5";
    }

    String director() {
        return prefix() + "-dir";
    }

    String storage() {
        return isBacula() ? "File1" : "File";
    }

    String pool() {
        return isBacula() ? "File" : "Incremental";
    }

    String pluginDirectory() {
        return isBacula() ? "/usr/lib/bacula" : "/usr/lib/bareos/plugins";
    }
}
