package io.github.bpipe.core.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MySqlScriptTest {
    private static final String SCRIPT = """
            /*M!999999\\- enable the sandbox mode */\s
            -- MariaDB dump; it's
            -- ------------------------------------------------------

            /*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */;
            --
            -- Table structure for table `t``1
            -- x`
            --
            DROP TABLE IF EXISTS `t``1
            x`;
            CREATE TABLE `t``1
            x` (`a\\` int COMMENT 'it''s; \\'x\\\\', "b" int) COMMENT="q\\";";
            INSERT INTO `t``1
            x` VALUES
            (1,'a;)(','b''c'),(2,-1,- -3),(3,(4),0x3B);
            # a comment; with '
            /*M!101100 SET @a='b;' */; /* plain ; ' */ SELECT 1-- no ' comment
            +/* nested '; /*! x */2--1 /**/ /***/ /* */ */;
            DELIMITER ;;
            /*!50003 CREATE*/ /*!50017 DEFINER=`table`@`localhost`*/ /*!50003 TRIGGER trg BEFORE INSERT ON x FOR EACH ROW
            BEGIN
            -- Dumping data for table; don't
            SET @a = 'DELIMITER ;'; SET @b = 1; /* it's */
            END */;;
            DELIMITER ;
            /*!50003 SET sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES' */ ;
            delimiter //
            CREATE DEFINER="view"@"%" PROCEDURE "p;\\"() BEGIN SELECT '\\', 4/2, 4 / /* // */ 2; END//
            DELIMITER ;
            /*!50003 SET sql_mode = @OLD_SQL_MODE */ ;
            SELECT '\\'', ';';
            delimiters;
            SELECT 1;SELECT 2; SELECT 3
            ;
            -- Dump completed on 2026-01-01
            """;

    private static final List<String> FIRST_WORDS = List.of(
            "NONE",
            "SET",
            "DROP table t`1\nx",
            "CREATE table t`1\nx",
            "INSERT t`1\nx 3",
            "SET",
            "OTHER",
            "NONE",
            "CREATE trigger trg",
            "NONE",
            "SET",
            "NONE",
            "CREATE procedure p;\\",
            "NONE",
            "SET",
            "OTHER",
            "OTHER",
            "OTHER",
            "OTHER",
            "OTHER",
            "NONE");

    /** Writes down what it is told. */
    private static final class Recorder implements MySqlScript.Listener {
        final List<String> units = new ArrayList<>();
        final List<String> texts = new ArrayList<>();
        private final ByteArrayOutputStream text = new ByteArrayOutputStream();
        private MySqlStatement statement;

        @Override
        public void begin(MySqlStatement newStatement) {
            assertThat(text.size()).isZero();
            statement = newStatement;
        }

        @Override
        public void part(byte[] bytes, int from, int count) {
            text.write(bytes, from, count);
        }

        @Override
        public void end(long groups) {
            String kind = statement.objectKind() == null ? "" : " " + statement.objectKind();
            String name = statement.name() == null ? "" : " " + statement.name();
            String rows = statement.verb() == MySqlStatement.Verb.INSERT ? " " + statement.rows(groups) : "";
            units.add(statement.verb() + kind + name + rows);
            texts.add(text.toString(StandardCharsets.UTF_8));
            text.reset();
        }
    }

    private static Recorder cut(byte[] script, int... sizes) throws IOException {
        Recorder recorder = new Recorder();
        MySqlScript cutter = new MySqlScript(recorder);
        int at = 0;
        for (int i = 0; at < script.length; i++) {
            int count = Math.min(sizes[i % sizes.length], script.length - at);
            cutter.feed(script, at, count);
            at += count;
        }
        assertThat(cutter.finish()).isTrue();
        return recorder;
    }

    @Test
    void everyUnitIsFoundAndKnown() throws IOException {
        Recorder recorder = cut(SCRIPT.getBytes(StandardCharsets.UTF_8), Integer.MAX_VALUE);
        assertThat(recorder.units).containsExactlyElementsOf(FIRST_WORDS);
        assertThat(String.join("", recorder.texts)).isEqualTo(SCRIPT);
        assertThat(recorder.texts.get(2)).endsWith("DROP TABLE IF EXISTS `t``1\nx`;\n");
        assertThat(recorder.texts.get(20)).isEqualTo("-- Dump completed on 2026-01-01\n");
    }

    @Test
    void unitsAreTheSameWhateverTheReadBoundaries() throws IOException {
        byte[] script = SCRIPT.getBytes(StandardCharsets.UTF_8);
        Recorder whole = cut(script, Integer.MAX_VALUE);
        for (int first = 1; first < script.length; first++) {
            Recorder twoReads = cut(script, first, Integer.MAX_VALUE);
            assertThat(twoReads.texts).isEqualTo(whole.texts);
            assertThat(twoReads.units).isEqualTo(whole.units);
        }
        assertThat(cut(script, 1).units).isEqualTo(whole.units);
        Random random = new Random(7);
        for (int round = 0; round < 200; round++) {
            int[] sizes = random.ints(50, 1, 90).toArray();
            assertThat(cut(script, sizes).texts).isEqualTo(whole.texts);
        }
    }

    /** They are told by their first words, of which comments are none. */
    @Test
    void rowsAreKnownBehindAnyNumberOfComments() throws IOException {
        String comments = "-- a line\n/* more */ ".repeat(100);
        Recorder recorder = cut(
                ("INSERT  IGNORE INTO /* here */ `d`.`t` " + comments + "(`a`) VALUES (1),(2),(3);\n" + comments
                                + "INSERT INTO `u` VALUES (1),(2);\nSELECT 1;\n")
                        .getBytes(StandardCharsets.UTF_8),
                1000);
        assertThat(recorder.units).containsExactly("INSERT t 3", "INSERT u 2", "OTHER");
    }

    @Test
    void aStatementLongerThanItsHeadComesInParts() throws IOException {
        String insert = "INSERT INTO `t` (`a`) VALUES ('" + "x'')(;".repeat(20_000) + "'),('y');\n";
        Recorder recorder = cut((insert + "SELECT 1;\n").getBytes(StandardCharsets.UTF_8), 1000, 70_000);
        assertThat(recorder.units).containsExactly("INSERT t 2", "OTHER");
        assertThat(recorder.texts.get(0)).isEqualTo(insert);
    }

    @Test
    void anEndInTheMiddleOfAStatementShows() throws IOException {
        for (String open : List.of("SELECT 1", "SELECT 'a;\n", "/* no end", "INSERT INTO t VALUES (1", "DELIM", "-1")) {
            MySqlScript script = new MySqlScript(new Recorder());
            byte[] bytes = ("SELECT 1;\n" + open).getBytes(StandardCharsets.UTF_8);
            script.feed(bytes, 0, bytes.length);
            assertThat(script.finish()).as(open).isFalse();
        }
    }

    @Test
    void theSqlModeIsFollowedAndGivenBack() throws IOException {
        MySqlScript script = new MySqlScript(new Recorder());
        feed(script, "SET @saved_sql_mode = @@sql_mode, SQL_MODE='ANSI';\n");
        assertThat(script.sqlMode()).isEqualTo("ANSI");
        feed(script, "SET SESSION sql_mode = @saved_sql_mode;\n");
        assertThat(script.sqlMode()).isEmpty();
    }

    private static void feed(MySqlScript script, String text) throws IOException {
        script.feed(text.getBytes(StandardCharsets.UTF_8), 0, text.length());
    }
}
