package io.github.bpipe.core.engine;

/**
 * What a database of MariaDB or MySQL is as a whole: the {@code properties} of the stream's header.
 *
 * @param charset default character set
 * @param collation default collation
 * @param comment of the database; empty where it has none or the server knows none
 * @param sqlMode the server's global one, which decides what its applications may write
 * @param lowerCaseTableNames 0 where the names of tables keep their case and differ by it
 */
public record MariaDbProperties(
        String charset, String collation, String comment, String sqlMode, int lowerCaseTableNames) {
    /** The clauses behind {@code CREATE DATABASE name} that give another database the same properties. */
    public String createClauses() {
        String clauses = "CHARACTER SET " + charset + " COLLATE " + collation;
        return comment.isEmpty()
                ? clauses
                : clauses + " COMMENT '" + comment.replace("\\", "\\\\").replace("'", "''") + "'";
    }
}
