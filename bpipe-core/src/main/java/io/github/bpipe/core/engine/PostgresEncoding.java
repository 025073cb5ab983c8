package io.github.bpipe.core.engine;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The encoding of a dump's script.
 *
 * @param name as pg_dump takes it
 * @param charset the same in Java's words, for the names of tables
 */
public record PostgresEncoding(String name, Charset charset) {
    private static final PostgresEncoding UTF8 = new PostgresEncoding("UTF8", StandardCharsets.UTF_8);

    /** Encodings of servers in Java's words; a database in {@code SQL_ASCII} holds bytes of no encoding at all. */
    private static final Map<String, String> CHARSETS = Map.ofEntries(
            Map.entry("SQL_ASCII", "ISO-8859-1"),
            Map.entry("LATIN1", "ISO-8859-1"),
            Map.entry("LATIN2", "ISO-8859-2"),
            Map.entry("LATIN3", "ISO-8859-3"),
            Map.entry("LATIN4", "ISO-8859-4"),
            Map.entry("LATIN5", "ISO-8859-9"),
            Map.entry("LATIN7", "ISO-8859-13"),
            Map.entry("LATIN9", "ISO-8859-15"),
            Map.entry("ISO_8859_5", "ISO-8859-5"),
            Map.entry("ISO_8859_6", "ISO-8859-6"),
            Map.entry("ISO_8859_7", "ISO-8859-7"),
            Map.entry("ISO_8859_8", "ISO-8859-8"),
            Map.entry("WIN1250", "windows-1250"),
            Map.entry("WIN1251", "windows-1251"),
            Map.entry("WIN1252", "windows-1252"),
            Map.entry("WIN1253", "windows-1253"),
            Map.entry("WIN1254", "windows-1254"),
            Map.entry("WIN1255", "windows-1255"),
            Map.entry("WIN1256", "windows-1256"),
            Map.entry("WIN1257", "windows-1257"),
            Map.entry("WIN1258", "windows-1258"),
            Map.entry("WIN866", "IBM866"),
            Map.entry("KOI8R", "KOI8-R"),
            Map.entry("KOI8U", "KOI8-U"),
            Map.entry("EUC_JP", "EUC-JP"),
            Map.entry("EUC_KR", "EUC-KR"),
            Map.entry("EUC_CN", "GB2312"));

    /** The database's own encoding, so that nothing is converted; UTF-8 for the few that Java does not know. */
    public static PostgresEncoding of(String server) {
        String charset = CHARSETS.get(server);
        return charset == null || !Charset.isSupported(charset)
                ? UTF8
                : new PostgresEncoding(server, Charset.forName(charset));
    }
}
