package io.github.bpipe.writer.target.postgres;

import io.github.bpipe.core.engine.PostgresClients;
import io.github.bpipe.core.engine.SqlSession;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.process.Captured;
import io.github.bpipe.writer.target.Extent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What of a live database hangs on tables that are exchanged, and would stay with the former ones, because the server
 * knows it by number and not by name. Foreign keys and views can be made anew; all else is refused.
 */
final class PostgresDependents {
    /** Kind (fk, view or other), words, statement before the exchange, statement after it. */
    private static final String SQL = """
            WITH chosen AS (
              SELECT c.oid, c.reltype FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
              WHERE c.relkind = 'r' AND (n.nspname, c.relname) IN (VALUES %s)
            ), own (classid, objid) AS (
              SELECT 'pg_class'::regclass, oid FROM chosen
              UNION SELECT 'pg_class'::regclass, indexrelid FROM pg_index WHERE indrelid IN (SELECT oid FROM chosen)
              UNION SELECT 'pg_class'::regclass, s.oid FROM pg_depend d JOIN pg_class s ON s.oid = d.objid
                WHERE s.relkind IN ('S', 't') AND d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass
                AND d.refobjid IN (SELECT oid FROM chosen) AND d.deptype IN ('a', 'i')
              UNION SELECT 'pg_class'::regclass, oid FROM pg_class WHERE relnamespace = 'pg_toast'::regnamespace
              UNION SELECT 'pg_type'::regclass, reltype FROM chosen
              UNION SELECT 'pg_type'::regclass, typarray FROM pg_type WHERE oid IN (SELECT reltype FROM chosen)
              UNION SELECT 'pg_constraint'::regclass, oid FROM pg_constraint WHERE conrelid IN (SELECT oid FROM chosen)
                AND (contype <> 'f' OR confrelid IN (SELECT oid FROM chosen))
              UNION SELECT 'pg_attrdef'::regclass, oid FROM pg_attrdef WHERE adrelid IN (SELECT oid FROM chosen)
              UNION SELECT 'pg_trigger'::regclass, oid FROM pg_trigger
                WHERE tgisinternal OR tgrelid IN (SELECT oid FROM chosen)
              UNION SELECT 'pg_rewrite'::regclass, oid FROM pg_rewrite WHERE ev_class IN (SELECT oid FROM chosen)
              UNION SELECT 'pg_policy'::regclass, oid FROM pg_policy WHERE polrelid IN (SELECT oid FROM chosen)
            ), found AS (
              SELECT DISTINCT d.classid, d.objid FROM pg_depend d JOIN own ON own.classid = d.refclassid AND own.objid =
                d.refobjid WHERE (d.classid, d.objid) NOT IN (SELECT classid, objid FROM own)
            )
            SELECT 'fk', format('foreign key %%I of %%s to %%s', k.conname, k.conrelid::regclass, k.confrelid::regclass),
              format('ALTER TABLE ONLY %%s DROP CONSTRAINT %%I', k.conrelid::regclass, k.conname),
              format('ALTER TABLE ONLY %%s ADD CONSTRAINT %%I %%s%%s', k.conrelid::regclass, k.conname,
                pg_get_constraintdef(k.oid), CASE WHEN k.convalidated THEN ' NOT VALID' END),
              CASE WHEN k.convalidated
                THEN format('ALTER TABLE ONLY %%s VALIDATE CONSTRAINT %%I', k.conrelid::regclass, k.conname) END
            FROM found JOIN pg_constraint k ON found.classid = 'pg_constraint'::regclass AND k.oid = found.objid
            WHERE k.contype = 'f' AND k.conparentid = 0
            UNION ALL
            SELECT 'view', 'view ' || v.oid::regclass, NULL,
              format('CREATE OR REPLACE VIEW %%s %%s AS %%s', v.oid::regclass,
                CASE WHEN v.reloptions IS NOT NULL THEN 'WITH (' || array_to_string(v.reloptions, ', ') || ')' END,
                rtrim(pg_get_viewdef(v.oid), ';')), NULL
            FROM found JOIN pg_rewrite r ON found.classid = 'pg_rewrite'::regclass AND r.oid = found.objid
              JOIN pg_class v ON v.oid = r.ev_class AND v.relkind = 'v' AND r.rulename = '_RETURN'
            UNION ALL
            SELECT 'other', pg_describe_object(found.classid, found.objid, 0), NULL, NULL, NULL FROM found
            WHERE NOT EXISTS (SELECT FROM pg_constraint k WHERE found.classid = 'pg_constraint'::regclass
                AND k.oid = found.objid AND k.contype = 'f' AND k.conparentid = 0)
              AND NOT EXISTS (SELECT FROM pg_rewrite r JOIN pg_class v ON v.oid = r.ev_class
                WHERE found.classid = 'pg_rewrite'::regclass AND r.oid = found.objid AND v.relkind = 'v'
                AND r.rulename = '_RETURN')
            ORDER BY 1, 2""";

    private record Dependent(String kind, String words, String before, String after, String validate) {}

    private final List<Dependent> all;

    private PostgresDependents(List<Dependent> all) {
        this.all = all;
    }

    /** Those of now. */
    static PostgresDependents of(SqlSession session, PostgresTableNames names) throws IOException {
        return new PostgresDependents(session.query(SQL.formatted(names.values())).stream()
                .map(row -> new Dependent(row.get(0), row.get(1), row.get(2), row.get(3), row.get(4)))
                .toList());
    }

    /**
     * Lists them, and refuses what cannot be made anew, or all where that is not wanted.
     *
     * @param warnings gets what is made anew
     */
    static void require(
            PostgresClients clients, String live, PostgresTableNames names, Extent extent, List<String> warnings)
            throws IOException {
        PostgresDependents found;
        try (SqlSession session = clients.session(live)) {
            session.execute("SET search_path = ''");
            found = of(session, names);
        }
        List<String> hard = found.words(true);
        if (!hard.isEmpty()) {
            throw new Failure(
                    ExitCode.UNSUITABLE,
                    "the tables cannot be exchanged, because on them depend: " + String.join(", ", hard),
                    "restore the tables with --into NAME and copy the rows from there, or drop what depends on them");
        }
        List<String> others = found.words(false);
        if (!others.isEmpty() && extent == Extent.TABLES) {
            throw new Failure(
                    ExitCode.UNSUITABLE,
                    "on the tables depend: " + String.join(", ", others),
                    "make all of that anew with the exchange by --ignore-dependents, or restore those tables too, or use"
                            + " --into NAME");
        }
        others.forEach(each -> warnings.add("made anew for the restored tables: " + each));
    }

    /** Statements before the tables change places. */
    List<String> before() {
        return all.stream().map(Dependent::before).filter(sql -> sql != null).toList();
    }

    /** Statements after that, in the same transaction; foreign keys are not checked yet. */
    List<String> after() {
        return all.stream().map(Dependent::after).filter(sql -> sql != null).toList();
    }

    /** Checks the foreign keys; what rows do not fit is a warning. */
    void validate(RestrictedPsql psql, String live, List<String> warnings) throws IOException {
        for (Dependent each : all) {
            if (each.validate() != null) {
                Captured answer = psql.run(live, each.validate() + ";\n");
                if (answer.status() != 0) {
                    warnings.add("rows do not fit the " + each.words() + ", which holds for new rows only: "
                            + RestrictedPsql.firstError(answer.stderr()));
                }
            }
        }
    }

    private List<String> words(boolean hard) {
        List<String> words = new ArrayList<>();
        for (Dependent each : all) {
            if (each.kind().equals("other") == hard) {
                words.add(each.words());
            }
        }
        return words;
    }
}
