package io.github.bpipe.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.testkit.AwkwardSqlite;
import io.github.bpipe.testkit.Programs;
import io.github.bpipe.testkit.ThrowawayMariaDb;
import io.github.bpipe.testkit.ThrowawayPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calendar entries and contacts put back into a live application, whose tables are those of Nextcloud. */
@Timeout(180)
class PutBackIT {
    private static final String NAME = "putback_it";
    private static final ThrowawayMariaDb MARIADB = ThrowawayMariaDb.shared();
    private static final ThrowawayPostgres POSTGRES = ThrowawayPostgres.shared();

    private static final String DENTIST = event("dentist", "Zahnärztin\\, 😀 \\; it's 'quoted' \\\\n");
    private static final String LUNCH = event("lunch", "Lunch");
    private static final String CARD = "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:c1\r\nFN:Jörg\r\nEND:VCARD\r\n";

    @TempDir
    private Path folder;

    private String engine;

    @AfterEach
    void drop() {
        MARIADB.sql("", "DROP DATABASE IF EXISTS " + NAME);
        POSTGRES.sql("postgres", "DROP DATABASE IF EXISTS " + NAME);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mariadb", "postgresql", "sqlite"})
    void anEntryComesBackSoThatClientsSeeIt(String on) throws Exception {
        prepare(on);
        sql("DELETE FROM nc_calendarobjects WHERE uid = 'dentist'", "DELETE FROM nc_calendarobjects_props");
        // somebody else took the name meanwhile, and the trash bin has the entry too
        insertEvent(LUNCH.replace("lunch", "taken"), "dentist.ics", 7, "taken", "NULL");
        insertEvent(DENTIST, "dentist-deleted.ics", 7, "dentist", "1700000000");
        int token = number("SELECT synctoken FROM nc_calendars WHERE id = 7");

        Installed.Answer answer = putBack("calendar", "--uid dentist");
        assertThat(answer.status()).as(answer.err()).isZero();
        assertThat(answer.err()).contains("1 entries that were not there, 0 in the place of others");
        String where = " FROM nc_calendarobjects WHERE uid = 'dentist'";
        assertThat(query("SELECT count(*)" + where)).isEqualTo("1");
        assertThat(query("SELECT " + hexOf("calendardata") + where)).isEqualToIgnoringCase(hex(DENTIST));
        assertThat(query("SELECT etag" + where)).isEqualTo(md5(DENTIST));
        assertThat(query("SELECT calendarid, firstoccurence, classification, componenttype" + where))
                .isEqualTo("7|1767261600|1|VEVENT");
        assertThat(query("SELECT count(*)" + where + " AND deleted_at IS NULL AND lastmodified > 1700000000"))
                .isEqualTo("1");
        String uri = query("SELECT uri" + where);
        assertThat(uri).endsWith(".ics").isNotEqualTo("dentist.ics").doesNotContain("deleted");
        assertThat(query("SELECT p.name, p.value FROM nc_calendarobjects_props p JOIN nc_calendarobjects o ON o.id ="
                        + " p.objectid WHERE o.uid = 'dentist' AND p.calendarid = 7"))
                .isEqualTo("SUMMARY|Zahnärztin");
        assertChange("calendar", 7, token, uri, 1);

        Installed.Answer again = putBack("calendar", "--user alice");
        assertThat(again.status()).isEqualTo(ExitCode.TARGET.code());
        assertThat(again.err()).contains("as it is", "hint: give --replace");
        assertThat(number("SELECT synctoken FROM nc_calendars WHERE id = 7")).isEqualTo(token + 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mariadb", "postgresql", "sqlite"})
    void anEntryIsReplacedWhereThatIsAskedFor(String on) throws Exception {
        prepare(on);
        sql("UPDATE nc_calendarobjects SET calendardata = " + blob("changed") + ", etag = 'changed', uri = 'moved.ics'"
                + " WHERE uid = 'lunch'");
        int token = number("SELECT synctoken FROM nc_calendars WHERE id = 7");
        Installed.Answer answer = putBack("calendar", "--uid lunch --replace");
        assertThat(answer.status()).as(answer.err()).isZero();
        assertThat(query("SELECT " + hexOf("calendardata") + " FROM nc_calendarobjects WHERE uid = 'lunch'"))
                .isEqualToIgnoringCase(hex(LUNCH));
        assertChange("calendar", 7, token, "moved.ics", 2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mariadb", "postgresql", "sqlite"})
    void contactsComeBackToo(String on) throws Exception {
        prepare(on);
        sql("DELETE FROM nc_cards", "DELETE FROM nc_cards_properties");
        int token = number("SELECT synctoken FROM nc_addressbooks WHERE id = 3");
        Installed.Answer answer = putBack("contacts", "--text jörg");
        assertThat(answer.status()).as(answer.err()).isZero();
        assertThat(query("SELECT " + hexOf("carddata") + ", etag, uri, addressbookid FROM nc_cards"))
                .isEqualToIgnoringCase(hex(CARD) + "|" + md5(CARD) + "|a.vcf|3");
        assertThat(query("SELECT p.name, p.value, p.preferred FROM nc_cards_properties p JOIN nc_cards c ON c.id ="
                        + " p.cardid"))
                .isEqualTo("FN|Jörg|0");
        assertChange("addressbook", 3, token, "a.vcf", 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mariadb", "postgresql", "sqlite"})
    void whatHasNoPlaceIsRefusedAndNothingChanges(String on) throws Exception {
        prepare(on);
        sql("DELETE FROM nc_calendarobjects", "DELETE FROM nc_calendars WHERE id = 8");
        String before = everything();
        // alice's first calendar is there and gets its entries, her second one is not: none of it may happen
        Installed.Answer missing = putBack("calendar", "");
        assertThat(missing.status()).as(missing.err()).isEqualTo(ExitCode.TARGET.code());
        assertThat(missing.err())
                .contains("no Büro (work) of alice any more", "of alice there is Persönlich (personal)");
        assertThat(putBack("calendar", "--uid nosuch").status()).isEqualTo(ExitCode.FINDINGS.code());
        Installed.Answer prefix = putBack("calendar", "--table-prefix oc_");
        assertThat(prefix.status()).isEqualTo(ExitCode.USAGE.code());
        assertThat(everything()).isEqualTo(before);
        Installed.Answer nowhere =
                Installed.shell("$WRITER extract --nextcloud calendar --put-back < " + folder + "/stream");
        assertThat(nowhere.status()).isEqualTo(ExitCode.USAGE.code());
        assertThat(nowhere.err()).contains("hint: name its profile");
    }

    /** A client that had synchronised at that token asks what is new, as the app answers it. */
    private void assertChange(String kind, int collection, int token, String uri, int operation) {
        String table = "nc_" + kind + "changes";
        assertThat(query("SELECT c.uri, c.operation FROM " + table + " c JOIN nc_" + kind + "s s ON s.id = c." + kind
                        + "id WHERE c." + kind + "id = " + collection + " AND c.synctoken >= " + token
                        + " AND c.synctoken < s.synctoken AND c.created_at > 1700000000"))
                .isEqualTo(uri + "|" + operation);
        assertThat(number("SELECT synctoken FROM nc_" + kind + "s WHERE id = " + collection))
                .isEqualTo(token + 1);
    }

    private String everything() {
        StringBuilder all = new StringBuilder();
        for (String table : List.of("calendars", "calendarobjects", "calendarobjects_props", "calendarchanges")) {
            all.append(query("SELECT * FROM nc_" + table + " ORDER BY id")).append('\n');
        }
        return all.toString();
    }

    private Installed.Answer putBack(String kind, String options) {
        return Installed.shell("export BPIPE_CONFIG_DIR=" + folder + "; $WRITER extract --nextcloud " + kind
                + " --profile cloud --put-back " + options + " < " + folder + "/stream");
    }

    private void prepare(String on) throws IOException {
        engine = on;
        if (on.equals("mariadb")) {
            MARIADB.sql("", "CREATE DATABASE " + NAME + " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin");
        } else if (on.equals("postgresql")) {
            POSTGRES.sql("postgres", "CREATE DATABASE " + NAME);
        }
        tables();
        sql(
                "INSERT INTO nc_calendars (id, principaluri, displayname, uri, synctoken) VALUES (7,"
                        + " 'principals/users/alice', 'Persönlich', 'personal', 41), (8, 'principals/users/alice', 'Büro',"
                        + " 'work', 5)",
                "INSERT INTO nc_addressbooks (id, principaluri, displayname, uri, synctoken) VALUES (3,"
                        + " 'principals/users/alice', 'Friends', 'contacts', 9)");
        insertEvent(DENTIST, "dentist.ics", 7, "dentist", "NULL");
        insertEvent(LUNCH, "lunch.ics", 7, "lunch", "NULL");
        insertEvent(event("meeting", "Meeting"), "m.ics", 8, "meeting", "NULL");
        sql(
                "INSERT INTO nc_calendarobjects_props (calendarid, objectid, name, value, calendartype)"
                        + " SELECT 7, id, 'SUMMARY', 'Zahnärztin', 0 FROM nc_calendarobjects WHERE uid = 'dentist'",
                "INSERT INTO nc_cards (addressbookid, carddata, uri, lastmodified, etag, size, uid) VALUES (3, "
                        + blob(CARD) + ", 'a.vcf', 1, 'x', 3, 'c1')",
                "INSERT INTO nc_cards_properties (addressbookid, cardid, name, value, preferred)"
                        + " SELECT 3, id, 'FN', 'Jörg', 0 FROM nc_cards");
        Files.writeString(folder.resolve("cloud.yaml"), profile());
        Installed.Answer dump = Installed.shell("export BPIPE_CONFIG_DIR=" + folder + " BPIPE_STATE_DIR=" + folder
                + "/state; $READER --profile cloud > " + folder + "/stream");
        assertThat(dump.status()).as(dump.err()).isZero();
    }

    private String profile() {
        String connection =
                switch (engine) {
                    case "mariadb" -> "connection: {socket: " + MARIADB.socket() + ", user: root}\n";
                    case "postgresql" ->
                        "connection: {socket: " + POSTGRES.socketFolder() + ", user: postgres, clients: "
                                + POSTGRES.programs() + "}\n";
                    default -> "";
                };
        String database = engine.equals("sqlite") ? folder + "/live.db" : NAME;
        return "engine: " + engine + "\ndatabase: " + database + "\n" + connection
                + "application: {kind: nextcloud, tablePrefix: nc_}\n";
    }

    private void tables() {
        String id =
                switch (engine) {
                    case "mariadb" -> "id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY";
                    case "postgresql" -> "id bigserial PRIMARY KEY";
                    default -> "id INTEGER PRIMARY KEY AUTOINCREMENT";
                };
        String data = engine.equals("mariadb") ? "longblob" : engine.equals("postgresql") ? "bytea" : "BLOB";
        String collection = id + ", principaluri varchar(255), displayname varchar(255), uri varchar(255),"
                + " synctoken int NOT NULL DEFAULT 1, description varchar(255)";
        String change = id + ", uri varchar(255), synctoken int NOT NULL DEFAULT 1, operation smallint NOT NULL,"
                + " created_at int NOT NULL DEFAULT 0, ";
        sql(
                "CREATE TABLE nc_calendars (" + collection + ", components varchar(64), deleted_at int)",
                "CREATE TABLE nc_calendarobjects (" + id + ", calendardata " + data + ", uri varchar(255), calendarid"
                        + " bigint NOT NULL, lastmodified int, etag varchar(32), size bigint NOT NULL, componenttype"
                        + " varchar(8), firstoccurence bigint, lastoccurence bigint, uid varchar(255), classification int"
                        + " DEFAULT 0, calendartype int NOT NULL DEFAULT 0, deleted_at int)",
                "CREATE UNIQUE INDEX calobjects_index ON nc_calendarobjects (calendarid, calendartype, uri)",
                "CREATE TABLE nc_calendarobjects_props (" + id
                        + ", calendarid bigint NOT NULL DEFAULT 0, objectid bigint"
                        + " NOT NULL DEFAULT 0, name varchar(64), parameter varchar(64), value varchar(255), calendartype"
                        + " int NOT NULL DEFAULT 0)",
                "CREATE TABLE nc_calendarchanges (" + change + "calendarid bigint NOT NULL, calendartype int NOT NULL"
                        + " DEFAULT 0)",
                "CREATE TABLE nc_addressbooks (" + collection + ")",
                "CREATE TABLE nc_cards (" + id + ", addressbookid bigint NOT NULL DEFAULT 0, carddata " + data
                        + ", uri varchar(255), lastmodified bigint, etag varchar(32), size bigint NOT NULL, uid"
                        + " varchar(255))",
                "CREATE TABLE nc_cards_properties (" + id
                        + ", addressbookid bigint NOT NULL DEFAULT 0, cardid bigint NOT"
                        + " NULL DEFAULT 0, name varchar(64), value varchar(255), preferred int NOT NULL DEFAULT 1)",
                "CREATE TABLE nc_addressbookchanges (" + change + "addressbookid bigint NOT NULL)");
    }

    private void insertEvent(String data, String uri, int calendar, String uid, String deleted) {
        sql("INSERT INTO nc_calendarobjects (calendardata, uri, calendarid, lastmodified, etag, size, componenttype,"
                + " firstoccurence, lastoccurence, uid, classification, calendartype, deleted_at) VALUES (" + blob(data)
                + ", '" + uri + "', " + calendar + ", 1, 'e', 1, 'VEVENT', 1767261600, 1767261600, '" + uid
                + "', 1, 0, "
                + deleted + ")");
    }

    private String blob(String text) {
        return engine.equals("postgresql") ? "'\\x" + hex(text) + "'" : "X'" + hex(text) + "'";
    }

    private String hexOf(String column) {
        return engine.equals("postgresql") ? "encode(" + column + ", 'hex')" : "hex(" + column + ")";
    }

    private int number(String sql) {
        return Integer.parseInt(query(sql));
    }

    private void sql(String... statements) {
        if (engine.equals("sqlite")) {
            AwkwardSqlite.sql(folder.resolve("live.db"), statements);
        } else {
            query(String.join("; ", statements));
        }
    }

    /** One line, with a bar between the fields. */
    private String query(String sql) {
        List<String> command =
                switch (engine) {
                    case "mariadb" ->
                        List.of(
                                "mariadb",
                                "--no-defaults",
                                "--default-character-set=utf8mb4",
                                "-N",
                                "-B",
                                "--socket=" + MARIADB.socket(),
                                "--user=root",
                                NAME,
                                "-e",
                                sql);
                    case "postgresql" ->
                        List.of(
                                "psql",
                                "-XAtq",
                                "-v",
                                "ON_ERROR_STOP=1",
                                "-h",
                                POSTGRES.socketFolder().toString(),
                                "-U",
                                "postgres",
                                NAME,
                                "-c",
                                sql);
                    default -> List.of("sqlite3", folder.resolve("live.db").toString(), sql);
                };
        return Programs.run(command, java.util.Map.of(), new byte[0])
                .orFail()
                .strip()
                .replace('\t', '|');
    }

    private static String md5(String text) throws GeneralSecurityException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String event(String uid, String summary) {
        return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\nBEGIN:VEVENT\r\nUID:" + uid
                + "\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20260101T100000Z\r\nCLASS:PRIVATE\r\nSUMMARY:" + summary
                + "\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    }
}
