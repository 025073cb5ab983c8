package io.github.bpipe.reader.source.mariadb;

import io.github.bpipe.core.sql.SqlToken;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Set;

/**
 * Takes the name of the dumped database out of statements that the server prints with it, so that the dump loads under
 * any name and touches no other database.
 */
final class MariaDbNames {
    /** Functions of sequences: the server qualifies what they are called with, in defaults and in views. */
    private static final Set<String> SEQUENCE_FUNCTIONS = Set.of("nextval", "lastval", "setval");

    private MariaDbNames() {}

    /** A CREATE TABLE or CREATE VIEW without the database in front of its own sequences. */
    static byte[] unqualifySequences(byte[] statement, List<SqlToken> tokens, String database) {
        ByteArrayOutputStream plain = new ByteArrayOutputStream(statement.length);
        int done = 0;
        for (int i = 0; i + 4 < tokens.size(); i++) {
            boolean call = SEQUENCE_FUNCTIONS.contains(tokens.get(i).text())
                    && tokens.get(i + 1).isSign('(');
            if (call
                    && isDatabase(tokens.get(i + 2), database)
                    && tokens.get(i + 3).isSign('.')) {
                plain.write(statement, done, tokens.get(i + 2).from() - done);
                done = tokens.get(i + 4).from();
            }
        }
        plain.write(statement, done, statement.length - done);
        return plain.toByteArray();
    }

    /** An ALTER DATABASE, which mysqldump prints around routines of another collation, for the current database. */
    static byte[] currentDatabase(byte[] statement, List<SqlToken> tokens, String database) {
        ByteArrayOutputStream plain = new ByteArrayOutputStream(statement.length);
        int done = 0;
        for (SqlToken token : tokens) {
            if (isDatabase(token, database)) {
                plain.write(statement, 0, token.from());
                done = token.to();
                break;
            }
        }
        plain.write(statement, done, statement.length - done);
        return plain.toByteArray();
    }

    private static boolean isDatabase(SqlToken token, String database) {
        return token.kind() == SqlToken.Kind.NAME && token.text().equals(database);
    }
}
