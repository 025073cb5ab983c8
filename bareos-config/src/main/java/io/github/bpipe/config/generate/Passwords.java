package io.github.bpipe.config.generate;

import java.security.SecureRandom;
import java.util.Base64;

/** Passwords between director and file daemon. */
final class Passwords {
    /** 192 bits, which are 32 characters without padding. */
    private static final int BYTES = 24;

    private Passwords() {}

    static String random() {
        byte[] bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().encodeToString(bytes);
    }
}
