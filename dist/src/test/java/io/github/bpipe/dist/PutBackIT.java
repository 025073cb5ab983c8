package io.github.bpipe.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.error.ExitCode;
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
    private static final String DENTIST = event("dentist", "Zahnärztin\\, 😀 \\; it's 'quoted' \\\\n");
    private static final String LUNCH = event("lunch", "Lunch");
    private static final String CARD = "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:c1\r\nFN:Jörg\r\nEND:VCARD\r\n";

    @TempDir
    private Path folder;

    private NextcloudBench bench;

    @AfterEach
    void drop() {
        NextcloudBench.drop();
    }

    @ParameterizedTest
    @ValueSource(strings = {"mariadb", "postgresql", "sqlite"})
    void anEntryComesBackSoThatClientsSeeIt(String on) throws Exception {
        prepare(on);
        bench.sql("DELETE FROM nc_calendarobjects WHERE uid = 'dentist'", "DELETE FROM nc_calendarobjects_props");
        // somebody else took the name meanwhile, and the trash bin has the entry too
        insertEvent(LUNCH.replace("lunch", "taken"), "dentist.ics", 7, "taken", "NULL");
        insertEvent(DENTIST, "dentist-deleted.ics", 7, "dentist", "1700000000");
        int token = bench.number("SELECT synctoken FROM nc_calendars WHERE id = 7");

        Installed.Answer answer = putBack("calendar", "--uid dentist");
        assertThat(answer.status()).as(answer.err()).isZero();
        assertThat(answer.err()).contains("1 entries that were not there, 0 in the place of others");
        String where = " FROM nc_calendarobjects WHERE uid = 'dentist'";
        assertThat(bench.query("SELECT count(*)" + where)).isEqualTo("1");
        assertThat(bench.query("SELECT " + bench.hexOf("calendardata") + where))
                .isEqualToIgnoringCase(NextcloudBench.hex(DENTIST));
        assertThat(bench.query("SELECT etag" + where)).isEqualTo(md5(DENTIST));
        assertThat(bench.query("SELECT calendarid, firstoccurence, classification, componenttype" + where))
                .isEqualTo("7|1767261600|1|VEVENT");
        assertThat(bench.query("SELECT count(*)" + where + " AND deleted_at IS NULL AND lastmodified > 1700000000"))
                .isEqualTo("1");
        String uri = bench.query("SELECT uri" + where);
        assertThat(uri).endsWith(".ics").isNotEqualTo("dentist.ics").doesNotContain("deleted");
        assertThat(bench.query(
                        "SELECT p.name, p.value FROM nc_calendarobjects_props p JOIN nc_calendarobjects o ON o.id ="
                                + " p.objectid WHERE o.uid = 'dentist' AND p.calendarid = 7"))
                .isEqualTo("SUMMARY|Zahnärztin");
        assertChange("calendar", 7, token, uri, 1);

        Installed.Answer again = putBack("calendar", "--user alice");
        assertThat(again.status()).isEqualTo(ExitCode.TARGET.code());
        assertThat(again.err()).contains("as it is", "hint: give --replace");
        assertThat(bench.number("SELECT synctoken FROM nc_calendars WHERE id = 7"))
                .isEqualTo(token + 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mariadb", "postgresql", "sqlite"})
    void anEntryIsReplacedWhereThatIsAskedFor(String on) throws Exception {
        prepare(on);
        bench.sql("UPDATE nc_calendarobjects SET calendardata = " + bench.blob("changed")
                + ", etag = 'changed', uri = 'moved.ics'" + " WHERE uid = 'lunch'");
        int token = bench.number("SELECT synctoken FROM nc_calendars WHERE id = 7");
        Installed.Answer answer = putBack("calendar", "--uid lunch --replace");
        assertThat(answer.status()).as(answer.err()).isZero();
        assertThat(bench.query(
                        "SELECT " + bench.hexOf("calendardata") + " FROM nc_calendarobjects WHERE uid = 'lunch'"))
                .isEqualToIgnoringCase(NextcloudBench.hex(LUNCH));
        assertChange("calendar", 7, token, "moved.ics", 2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mariadb", "postgresql", "sqlite"})
    void contactsComeBackToo(String on) throws Exception {
        prepare(on);
        bench.sql("DELETE FROM nc_cards", "DELETE FROM nc_cards_properties");
        int token = bench.number("SELECT synctoken FROM nc_addressbooks WHERE id = 3");
        Installed.Answer answer = putBack("contacts", "--text jörg");
        assertThat(answer.status()).as(answer.err()).isZero();
        assertThat(bench.query("SELECT " + bench.hexOf("carddata") + ", etag, uri, addressbookid FROM nc_cards"))
                .isEqualToIgnoringCase(NextcloudBench.hex(CARD) + "|" + md5(CARD) + "|a.vcf|3");
        assertThat(bench.query(
                        "SELECT p.name, p.value, p.preferred FROM nc_cards_properties p JOIN nc_cards c ON c.id ="
                                + " p.cardid"))
                .isEqualTo("FN|Jörg|0");
        assertChange("addressbook", 3, token, "a.vcf", 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mariadb", "postgresql", "sqlite"})
    void whatHasNoPlaceIsRefusedAndNothingChanges(String on) throws Exception {
        prepare(on);
        bench.sql("DELETE FROM nc_calendarobjects", "DELETE FROM nc_calendars WHERE id = 8");
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
        assertThat(bench.query(
                        "SELECT c.uri, c.operation FROM " + table + " c JOIN nc_" + kind + "s s ON s.id = c." + kind
                                + "id WHERE c." + kind + "id = " + collection + " AND c.synctoken >= " + token
                                + " AND c.synctoken < s.synctoken AND c.created_at > 1700000000"))
                .isEqualTo(uri + "|" + operation);
        assertThat(bench.number("SELECT synctoken FROM nc_" + kind + "s WHERE id = " + collection))
                .isEqualTo(token + 1);
    }

    private String everything() {
        StringBuilder all = new StringBuilder();
        for (String table : List.of("calendars", "calendarobjects", "calendarobjects_props", "calendarchanges")) {
            all.append(bench.query("SELECT * FROM nc_" + table + " ORDER BY id"))
                    .append('\n');
        }
        return all.toString();
    }

    private Installed.Answer putBack(String kind, String options) {
        return Installed.shell("export BPIPE_CONFIG_DIR=" + folder + "; $WRITER extract --nextcloud " + kind
                + " --profile cloud --put-back " + options + " < " + folder + "/stream");
    }

    private void prepare(String on) throws IOException {
        bench = new NextcloudBench(on, folder);
        bench.sql(
                "INSERT INTO nc_calendars (id, principaluri, displayname, uri, synctoken) VALUES (7,"
                        + " 'principals/users/alice', 'Persönlich', 'personal', 41), (8, 'principals/users/alice', 'Büro',"
                        + " 'work', 5)",
                "INSERT INTO nc_addressbooks (id, principaluri, displayname, uri, synctoken) VALUES (3,"
                        + " 'principals/users/alice', 'Friends', 'contacts', 9)");
        insertEvent(DENTIST, "dentist.ics", 7, "dentist", "NULL");
        insertEvent(LUNCH, "lunch.ics", 7, "lunch", "NULL");
        insertEvent(event("meeting", "Meeting"), "m.ics", 8, "meeting", "NULL");
        bench.sql(
                "INSERT INTO nc_calendarobjects_props (calendarid, objectid, name, value, calendartype)"
                        + " SELECT 7, id, 'SUMMARY', 'Zahnärztin', 0 FROM nc_calendarobjects WHERE uid = 'dentist'",
                "INSERT INTO nc_cards (addressbookid, carddata, uri, lastmodified, etag, size, uid) VALUES (3, "
                        + bench.blob(CARD) + ", 'a.vcf', 1, 'x', 3, 'c1')",
                "INSERT INTO nc_cards_properties (addressbookid, cardid, name, value, preferred)"
                        + " SELECT 3, id, 'FN', 'Jörg', 0 FROM nc_cards");
        Files.writeString(folder.resolve("cloud.yaml"), bench.profile());
        Installed.Answer dump = Installed.shell("export BPIPE_CONFIG_DIR=" + folder + " BPIPE_STATE_DIR=" + folder
                + "/state; $READER --profile cloud > " + folder + "/stream");
        assertThat(dump.status()).as(dump.err()).isZero();
    }

    private static String md5(String text) throws GeneralSecurityException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    private void insertEvent(String data, String uri, int calendar, String uid, String deleted) {
        bench.sql(
                "INSERT INTO nc_calendarobjects (calendardata, uri, calendarid, lastmodified, etag, size, componenttype,"
                        + " firstoccurence, lastoccurence, uid, classification, calendartype, deleted_at) VALUES ("
                        + bench.blob(data)
                        + ", '" + uri + "', " + calendar + ", 1, 'e', 1, 'VEVENT', 1767261600, 1767261600, '" + uid
                        + "', 1, 0, "
                        + deleted + ")");
    }

    private static String event(String uid, String summary) {
        return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\nBEGIN:VEVENT\r\nUID:" + uid
                + "\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20260101T100000Z\r\nCLASS:PRIVATE\r\nSUMMARY:" + summary
                + "\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    }
}
