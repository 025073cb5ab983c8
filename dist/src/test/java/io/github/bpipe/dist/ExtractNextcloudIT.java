package io.github.bpipe.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.testkit.AwkwardSqlite;
import io.github.bpipe.testkit.ThrowawayMariaDb;
import io.github.bpipe.testkit.ThrowawayPostgres;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import net.fortuna.ical4j.data.CalendarBuilder;
import net.fortuna.ical4j.data.ParserException;
import net.fortuna.ical4j.model.Calendar;
import net.fortuna.ical4j.model.Component;
import net.fortuna.ical4j.model.component.CalendarComponent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calendar entries and contacts out of streams of all engines, read back by ical4j. */
class ExtractNextcloudIT {
    private static final String NAME = "cloud extract it";
    private static final ThrowawayMariaDb MARIADB = ThrowawayMariaDb.shared();
    private static final ThrowawayPostgres POSTGRES = ThrowawayPostgres.shared();

    private static final String BERLIN = """
            BEGIN:VTIMEZONE
            TZID:Europe/Berlin
            LAST-MODIFIED:2024%s
            BEGIN:STANDARD
            DTSTART:19701025T030000
            RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
            TZOFFSETFROM:+0200
            TZOFFSETTO:+0100
            TZNAME:%s
            END:STANDARD
            END:VTIMEZONE
            """;

    private static final String DENTIST = calendar("dentist", BERLIN.formatted("0101T000000Z", "CET"), """
            SUMMARY:Zahnärztin\\, 😀 \\; and a title that is so long that it has to be folded öäü
             öäü here
            DTSTART;TZID=Europe/Berlin:20260301T100000
            RRULE:FREQ=MONTHLY;COUNT=3
            """);

    private static final String LUNCH = calendar("lunch", BERLIN.formatted("0202T000000Z", "CET"), """
            SUMMARY:Lunch
            DTSTART;TZID="Europe/Berlin":20260302T120000
            """);

    private static final String OTHER_ZONE = calendar("other", BERLIN.formatted("0303T000000Z", "Otherwise"), """
            SUMMARY:Another zone of that name
            DTSTART;VALUE=DATE-TIME;TZID=Europe/Berlin:20260303T120000
            """);

    @TempDir
    private Path folder;

    private final List<String> inserts = new ArrayList<>();

    @AfterEach
    void drop() {
        MARIADB.sql("", "DROP DATABASE IF EXISTS `" + NAME + "`");
        POSTGRES.sql("postgres", "DROP DATABASE IF EXISTS \"" + NAME + "\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mariadb", "postgresql", "sqlite"})
    void calendarsComeBackAsOneFileThatOthersRead(String engine) throws IOException, ParserException {
        byte[] stream = makeAndDump(engine);
        Calendar alices = read(extract(stream, "calendar", "--user", "alice"));
        assertThat(uids(alices)).containsExactlyInAnyOrder("dentist", "lunch", "other", "evil");
        assertThat(alices.<CalendarComponent>getComponents(Component.VTIMEZONE)).hasSize(2);
        assertThat(alices.toString())
                .contains("SUMMARY:Zahnärztin\\, 😀 \\; and a title")
                .contains("öäüöäü here")
                .contains("TZID=Europe/Berlin (2):20260303T120000");
        assertThat(alices.validate().hasErrors()).isFalse();

        assertThat(uids(read(extract(stream, "calendar", "--uid", "dentist")))).containsExactly("dentist");
        assertThat(uids(read(extract(stream, "calendar", "--name", "Büro")))).containsExactly("lunch");
        assertThat(uids(read(extract(stream, "calendar", "--name", "work")))).containsExactly("lunch");
        assertThat(uids(read(extract(stream, "calendar", "--text", "HERE zahnÄrztin"))))
                .containsExactly("dentist");
        assertThat(uids(read(extract(stream, "calendar", "--uid", "gone")))).containsExactly("gone");

        String list = extract(stream, "calendar", "--list");
        assertThat(list.lines())
                .containsExactly(
                        "alice\tPersönlich\tevil\t20260101T100000Z\tevil",
                        "alice\tPersönlich\tdentist\t20260301T100000\tZahnärztin, 😀 ; and a title that is so long that"
                                + " it has to be folded öäüöäü here",
                        "alice\tPersönlich\tgone\t20260101T100000Z\tgone\t(in the trash bin)",
                        "alice\tPersönlich\tother\t20260303T120000\tAnother zone of that name",
                        "alice\tBüro\tlunch\t20260302T120000\tLunch",
                        "bob\tPersonal\tbobs\t20260101T100000Z\tbobs\\x1b[31m");

        Installed.Answer nothing = Installed.writer(stream, "extract", "--nextcloud", "calendar", "--user", "nobody");
        assertThat(nothing.status()).isEqualTo(ExitCode.FINDINGS.code());
        assertThat(nothing.out()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"mariadb", "postgresql", "sqlite"})
    void eachEntryBecomesAFileAsItWasStoredAndNoNameLeavesTheFolder(String engine) throws IOException {
        byte[] stream = makeAndDump(engine);
        Path to = folder.resolve("out/deep");
        Installed.Answer answer = Installed.writer(stream, "extract", "--nextcloud", "calendar", "--to", to.toString());
        assertThat(answer.err()).contains("5 files are written");
        assertThat(answer.status()).isZero();
        try (Stream<Path> files = Files.walk(folder.resolve("out"))) {
            assertThat(files.filter(Files::isRegularFile)
                            .map(file -> to.relativize(file).toString()))
                    .containsExactlyInAnyOrder(
                            "alice/personal/dentist.ics",
                            "alice/personal/%2E.%2F..%2F..%2Fevil%0A.ics",
                            "alice/personal/other.ics",
                            "alice/work/lunch.ics",
                            "bob/%2E./b.ics");
        }
        assertThat(to.resolve("alice/personal/dentist.ics")).hasContent(DENTIST);
        Installed.Answer again = Installed.writer(stream, "extract", "--nextcloud", "calendar", "--to", to.toString());
        assertThat(again.status()).isEqualTo(ExitCode.EXISTS.code());
    }

    @ParameterizedTest
    @ValueSource(strings = {"mariadb", "postgresql", "sqlite"})
    void contactsComeBackAsOneFile(String engine) throws IOException {
        byte[] stream = makeAndDump(engine);
        assertThat(extract(stream, "contacts")).isEqualTo("""
                BEGIN:VCARD
                VERSION:3.0
                UID:c1
                FN:Jörg\\, the 1st
                END:VCARD
                BEGIN:VCARD
                VERSION:3.0
                UID:c2
                FN:Zoë
                END:VCARD
                """.replace("\n", "\r\n"));
        assertThat(extract(stream, "contacts", "--text", "zoë"))
                .contains("UID:c2")
                .doesNotContain("UID:c1");
        assertThat(extract(stream, "contacts", "--list"))
                .isEqualTo("alice\tFriends\tc1\tJörg, the 1st\nalice\tFriends\tc2\tZoë\n");
    }

    private static String extract(byte[] stream, String kind, String... more) {
        List<String> arguments = new ArrayList<>(List.of("extract", "--nextcloud", kind));
        arguments.addAll(List.of(more));
        Installed.Answer answer = Installed.writer(stream, arguments.toArray(String[]::new));
        assertThat(answer.status()).as(answer.err()).isZero();
        return answer.text();
    }

    private static Calendar read(String ics) throws IOException, ParserException {
        assertThat(ics.lines().filter("BEGIN:VCALENDAR"::equals)).hasSize(1);
        return new CalendarBuilder().build(new ByteArrayInputStream(ics.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<String> uids(Calendar calendar) {
        return calendar.<CalendarComponent>getComponents(Component.VEVENT).stream()
                .map(event -> event.getRequiredProperty("UID").getValue())
                .toList();
    }

    private byte[] makeAndDump(String engine) throws IOException {
        create(engine);
        calendars();
        Path live = folder.resolve("live.db");
        String sql = String.join(";\n", inserts);
        switch (engine) {
            case "mariadb" -> MARIADB.sql(NAME, sql);
            case "postgresql" -> POSTGRES.sql(NAME, sql.replace("X'", "'\\x"));
            default -> AwkwardSqlite.sql(live, inserts.toArray(String[]::new));
        }
        String connection =
                switch (engine) {
                    case "mariadb" -> " --database '" + NAME + "' --user=root --socket=" + MARIADB.socket();
                    case "postgresql" ->
                        " --database '" + NAME + "' --user=postgres --socket=" + POSTGRES.socketFolder() + " --clients="
                                + POSTGRES.programs();
                    default -> " --database " + live;
                };
        Path file = folder.resolve("stream");
        Installed.Answer dump = Installed.shell("$READER --engine " + engine + connection + " > " + file);
        assertThat(dump.status()).as(dump.err()).isZero();
        return Files.readAllBytes(file);
    }

    /** The tables as the application makes them, as far as they matter. */
    private void create(String engine) {
        String text = engine.equals("mariadb") ? "varchar(255)" : "text";
        String data = engine.equals("mariadb") ? "longblob" : engine.equals("postgresql") ? "bytea" : "BLOB";
        List<String> tables = List.of(
                "CREATE TABLE oc_calendars (id bigint PRIMARY KEY, principaluri T, displayname T, uri T, deleted_at int)",
                "CREATE TABLE oc_calendarobjects (id bigint PRIMARY KEY, calendardata D, uri T, calendarid bigint, etag T,"
                        + " uid T, calendartype int, deleted_at int)",
                "CREATE TABLE oc_addressbooks (id bigint PRIMARY KEY, principaluri T, displayname T, uri T)",
                "CREATE TABLE oc_cards (id bigint PRIMARY KEY, addressbookid bigint, carddata D, uri T, etag T)");
        List<String> statements = tables.stream()
                .map(table -> table.replaceAll("\\bT\\b", text).replaceAll("\\bD\\b", data))
                .toList();
        switch (engine) {
            case "mariadb" -> {
                MARIADB.sql("", "CREATE DATABASE `" + NAME + "` CHARACTER SET utf8mb4");
                MARIADB.sql(NAME, String.join(";", statements));
            }
            case "postgresql" -> {
                POSTGRES.sql("postgres", "CREATE DATABASE \"" + NAME + "\"");
                POSTGRES.sql(NAME, String.join(";", statements));
            }
            default -> AwkwardSqlite.sql(folder.resolve("live.db"), statements.toArray(String[]::new));
        }
    }

    private void calendars() {
        inserts.clear();
        inserts.add("INSERT INTO oc_calendars VALUES (1, 'principals/users/alice', 'Persönlich', 'personal', NULL),"
                + " (2, 'principals/users/bob', 'Personal', '..', NULL),"
                + " (3, 'principals/users/alice', 'Büro', 'work', NULL)");
        object(1, DENTIST, "dentist.ics", 1, "dentist", 0, "NULL");
        object(2, LUNCH, "lunch.ics", 3, "lunch", 0, "NULL");
        object(3, OTHER_ZONE, "other.ics", 1, "other", 0, "NULL");
        object(4, simple("evil"), "../../../evil\n.ics", 1, "evil", 0, "NULL");
        object(5, simple("gone"), "gone-deleted.ics", 1, "gone", 0, "1700000000");
        object(6, simple("bobs").replace("SUMMARY:bobs", "SUMMARY:bobs\u001b[31m"), "b.ics", 2, "bobs", 0, "NULL");
        // of a subscription that happens to have the number of alice's calendar
        object(7, simple("subscribed"), "s.ics", 1, "subscribed", 1, "NULL");
        inserts.add("INSERT INTO oc_addressbooks VALUES (1, 'principals/users/alice', 'Friends', 'contacts')");
        inserts.add("INSERT INTO oc_cards VALUES (1, 1, "
                + hex("BEGIN:VCARD\nVERSION:3.0\nUID:c1\nFN:Jörg\\, the 1st\nEND:VCARD") + ", 'a.vcf', 'x')");
        inserts.add("INSERT INTO oc_cards VALUES (2, 1, "
                + hex("BEGIN:VCARD\r\nVERSION:3.0\r\nUID:c2\r\nFN:Zoë\r\nEND:VCARD\r\n") + ", 'b.vcf', 'x')");
    }

    private void object(int id, String data, String uri, int calendar, String uid, int type, String deleted) {
        inserts.add("INSERT INTO oc_calendarobjects VALUES (" + id + ", " + hex(data) + ", '" + uri + "', " + calendar
                + ", 'e', '" + uid + "', " + type + ", " + deleted + ")");
    }

    private static String hex(String text) {
        return "X'" + HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8)) + "'";
    }

    private static String simple(String uid) {
        return calendar(uid, "", "SUMMARY:" + uid + "\nDTSTART:20260101T100000Z\n");
    }

    private static String calendar(String uid, String zone, String properties) {
        return ("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//test//EN\n" + zone + "BEGIN:VEVENT\nUID:" + uid
                        + "\nDTSTAMP:20260101T000000Z\n" + properties + "END:VEVENT\nEND:VCALENDAR\n")
                .replace("\n", "\r\n");
    }
}
