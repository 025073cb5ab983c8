package io.github.bpipe.core.php;

import io.github.bpipe.core.php.PhpToken.Kind;
import java.math.BigInteger;

/** Numbers in all of PHP's notations. */
final class PhpNumber {
    private static final int LONG_BITS = 63;

    private PhpNumber() {}

    /** A whole number in decimal digits; one that PHP cannot hold as such, and fractions, stay as they are written. */
    static PhpToken token(String written, int line) throws PhpSyntaxException {
        String digits = written.replace("_", "");
        String lower = digits.toLowerCase(java.util.Locale.ROOT);
        try {
            BigInteger value;
            if (lower.startsWith("0x")) {
                value = new BigInteger(lower.substring(2), 16);
            } else if (lower.startsWith("0b")) {
                value = new BigInteger(lower.substring(2), 2);
            } else if (lower.startsWith("0o")) {
                value = new BigInteger(lower.substring(2), 8);
            } else if (digits.matches("0\\d+")) {
                value = new BigInteger(digits, 8);
            } else if (digits.matches("\\d+")) {
                value = new BigInteger(digits);
            } else {
                return new PhpToken(Kind.DECIMAL, digits, line);
            }
            return new PhpToken(value.bitLength() > LONG_BITS ? Kind.DECIMAL : Kind.INTEGER, value.toString(), line);
        } catch (NumberFormatException e) {
            throw new PhpSyntaxException(line, "not a number: " + written);
        }
    }
}
