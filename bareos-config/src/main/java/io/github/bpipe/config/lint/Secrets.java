package io.github.bpipe.config.lint;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds passwords in commands, so that they can be reported without being repeated. */
final class Secrets {
    /** Group 1 leads to the secret, group 2 is the secret. */
    private static final List<Pattern> SECRETS = List.of(
            Pattern.compile("(?i)(--?(?:password|passwd|passphrase)[= ])([^\\s\"']+)"),
            Pattern.compile("(?i)(\\b[A-Z_]*(?:PASSWORD|PASSWD|MYSQL_PWD|SECRET|TOKEN)=)([^\\s\"']+)"),
            Pattern.compile("((?:mysql|mariadb|mysqldump|mariadb-dump|mydumper|xtrabackup)\\b[^|;]*\\s-p)([^\\s\"']+)"),
            Pattern.compile("(\\w+://[^/\\s:@]*:)([^@\\s/]+)(?=@)"));

    private Secrets() {}

    static boolean in(String command) {
        return SECRETS.stream().anyMatch(pattern -> pattern.matcher(command).find());
    }

    /** The text with every secret replaced. */
    static String hide(String text) {
        String hidden = text;
        for (Pattern pattern : SECRETS) {
            hidden = pattern.matcher(hidden).replaceAll(match -> Matcher.quoteReplacement(match.group(1) + "***"));
        }
        return hidden;
    }
}
