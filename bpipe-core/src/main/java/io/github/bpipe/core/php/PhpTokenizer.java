package io.github.bpipe.core.php;

import io.github.bpipe.core.php.PhpToken.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts PHP code into words (PHP manual, "Basic syntax" and "Types"). The code comes as one character per byte (ISO
 * 8859-1), because PHP's strings are bytes.
 */
final class PhpTokenizer {
    private static final Pattern OPEN = Pattern.compile("<\\?php(?=\\s|\\z)|<\\?=", Pattern.CASE_INSENSITIVE);
    private static final Pattern SPACE = Pattern.compile("\\s+");
    private static final Pattern LINE_COMMENT = Pattern.compile("(?:#|//)(?:(?!\\?>)[^\\r\\n])*");
    private static final Pattern NAME =
            Pattern.compile("\\\\?[A-Za-z_\\x80-\\xff][\\w\\x80-\\xff]*(?:\\\\[\\w\\x80-\\xff]+)*");
    private static final Pattern VARIABLE = Pattern.compile("\\$([A-Za-z_\\x80-\\xff][\\w\\x80-\\xff]*)");
    private static final Pattern NUMBER = Pattern.compile("0[xX][\\da-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+"
            + "|(?:\\d[\\d_]*)?\\.\\d[\\d_]*(?:[eE][+-]?\\d+)?|\\d[\\d_]*\\.?(?:[eE][+-]?\\d+)?");
    private static final Pattern HEREDOC = Pattern.compile("<<<[ \\t]*(['\"]?)([A-Za-z_]\\w*)\\1\\r?\\n");
    private static final Pattern SYMBOL =
            Pattern.compile("=>|::|\\?->|->|\\?\\?=?|[=!]==?|[-+*/.%&|^]=|<=>|[<>]=|&&|\\|\\||\\+\\+|--");

    private final String code;
    private final List<PhpToken> tokens = new ArrayList<>();
    private int at;
    private int line = 1;

    private PhpTokenizer(String code) {
        this.code = code;
    }

    /** All words, the last of them {@link Kind#END}; {@code ?>} counts as a semicolon. */
    static List<PhpToken> tokens(String code) throws PhpSyntaxException {
        PhpTokenizer tokenizer = new PhpTokenizer(code);
        tokenizer.toNextCode();
        if (tokenizer.at >= code.length()) {
            throw new PhpSyntaxException(1, "no <?php in it");
        }
        while (tokenizer.at < code.length()) {
            tokenizer.next();
        }
        tokenizer.add(Kind.END, "");
        return tokenizer.tokens;
    }

    /** Over what stands outside of {@code <?php ... ?>}, which PHP prints. */
    private void toNextCode() {
        Matcher open = OPEN.matcher(code);
        advance(open.find(at) ? open.end() : code.length());
    }

    private void next() throws PhpSyntaxException {
        char c = code.charAt(at);
        if (take(SPACE) != null) {
            return;
        }
        if (code.startsWith("?>", at)) {
            add(Kind.SYMBOL, ";");
            advance(at + 2);
            toNextCode();
        } else if (code.startsWith("/*", at)) {
            advance(after("*/", at + 2, "a comment that begins here has no end"));
        } else if (take(LINE_COMMENT) != null) {
            return;
        } else if (c == '\'' || c == '"' || c == '`') {
            quoted(c);
        } else if (matches(HEREDOC) != null) {
            heredoc();
        } else {
            word();
        }
    }

    private void word() throws PhpSyntaxException {
        int start = line;
        Matcher variable = take(VARIABLE);
        if (variable != null) {
            tokens.add(new PhpToken(Kind.VARIABLE, variable.group(1), start));
            return;
        }
        Matcher number = take(NUMBER);
        if (number != null) {
            tokens.add(PhpNumber.token(number.group(), start));
            return;
        }
        Matcher name = take(NAME);
        if (name != null) {
            tokens.add(new PhpToken(Kind.NAME, name.group(), start));
            return;
        }
        Matcher symbol = take(SYMBOL);
        if (symbol != null) {
            tokens.add(new PhpToken(Kind.SYMBOL, symbol.group(), start));
            return;
        }
        char c = code.charAt(at);
        if (c < ' ') {
            throw new PhpSyntaxException(line, "a control character outside of a string");
        }
        add(Kind.SYMBOL, String.valueOf(c));
        advance(at + 1);
    }

    private void quoted(char quote) throws PhpSyntaxException {
        int start = line;
        int end = at + 1;
        while (end < code.length() && code.charAt(end) != quote) {
            end += code.charAt(end) == '\\' ? 2 : 1;
        }
        if (end >= code.length()) {
            throw new PhpSyntaxException(start, "a string that begins here has no end");
        }
        String raw = code.substring(at + 1, end);
        advance(end + 1);
        boolean known = quote == '\'' || (quote == '"' && !PhpString.interpolates(raw));
        tokens.add(
                known
                        ? new PhpToken(Kind.STRING, PhpString.decode(raw, quote), start)
                        : new PhpToken(Kind.OPAQUE, "", start));
    }

    /** Not decoded: its indentation counts, and nobody writes a setting that matters here that way. */
    private void heredoc() throws PhpSyntaxException {
        int start = line;
        Matcher head = take(HEREDOC);
        Matcher end = Pattern.compile("(?m)^[ \\t]*" + head.group(2) + "\\b").matcher(code);
        if (!end.find(at)) {
            throw new PhpSyntaxException(start, "a string that begins here has no end");
        }
        advance(end.end());
        tokens.add(new PhpToken(Kind.OPAQUE, "", start));
    }

    private int after(String end, int from, String otherwise) throws PhpSyntaxException {
        int found = code.indexOf(end, from);
        if (found < 0) {
            throw new PhpSyntaxException(line, otherwise);
        }
        return found + end.length();
    }

    private Matcher matches(Pattern pattern) {
        Matcher matcher = pattern.matcher(code).region(at, code.length());
        return matcher.lookingAt() ? matcher : null;
    }

    private Matcher take(Pattern pattern) {
        Matcher matcher = matches(pattern);
        if (matcher != null) {
            advance(matcher.end());
        }
        return matcher;
    }

    private void add(Kind kind, String text) {
        tokens.add(new PhpToken(kind, text, line));
    }

    private void advance(int to) {
        for (; at < to; at++) {
            if (code.charAt(at) == '\n') {
                line++;
            }
        }
    }
}
