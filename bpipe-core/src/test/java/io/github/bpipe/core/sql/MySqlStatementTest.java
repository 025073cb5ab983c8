package io.github.bpipe.core.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.sql.MySqlStatement.Assignment;
import io.github.bpipe.core.sql.MySqlStatement.Verb;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MySqlStatementTest {
    private static MySqlStatement read(String sql) {
        return MySqlStatement.of(MySqlTokenizer.tokens(sql.getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "CREATE TABLE `a``b` (x int)                                            | table        | a`b",
                "CREATE OR REPLACE TEMPORARY TABLE IF NOT EXISTS d.`view` (x int)       | table        | view",
                "/*!50001 CREATE VIEW `v1` AS SELECT NULL AS `id` */                    | view         | v1",
                "/*!50001 CREATE ALGORITHM=MERGE */ /*!50013 DEFINER=`event`@`%` SQL SECURITY DEFINER */ /*!50001 VIEW v AS */ | view | v",
                "CREATE SEQUENCE `sq` start with 1                                      | sequence     | sq",
                "/*!50003 CREATE*/ /*!50017 DEFINER=table@`h`*/ /*!50003 trigger trg before insert */ | trigger | trg",
                "CREATE DEFINER=`r` AGGREGATE FUNCTION IF NOT EXISTS f(x int)           | function     | f",
                "CREATE DEFINER=CURRENT_USER() PROCEDURE p() SELECT 1                   | procedure    | p",
                "/* CREATE TABLE x */ CREATE PACKAGE BODY `pk` AS                         | package body | pk",
                "/*!50106 CREATE*/ /*!50117 DEFINER=`root`@`localhost`*/ /*!50106 EVENT `ev` ON SCHEDULE | event | ev",
                "DROP PROCEDURE IF EXISTS `p`                                           | procedure    | p",
            })
    void definitionsNameTheirObject(String sql, String kind, String name) {
        MySqlStatement statement = read(sql);
        assertThat(statement.verb()).isEqualTo(sql.startsWith("DROP") ? Verb.DROP : Verb.CREATE);
        assertThat(statement.objectKind()).isEqualTo(kind);
        assertThat(statement.name()).isEqualTo(name);
    }

    @Test
    void assignmentsAreTakenApart() {
        assertThat(read("/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SESSION SQL_MODE='A,B' */ ;;")
                        .assignments())
                .containsExactly(new Assignment("@OLD_SQL_MODE", "@@SQL_MODE"), new Assignment("sql_mode", "A,B"));
        assertThat(read("SET @@session.system_versioning_insert_history=1").assignments())
                .containsExactly(new Assignment("system_versioning_insert_history", "1"));
        assertThat(read("SET NAMES utf8mb4").assignments()).isEmpty();
        assertThat(new Assignment("time_zone", "@OLD").restores()).isTrue();
        assertThat(new Assignment("@OLD", "@@time_zone").restores()).isFalse();
    }

    @Test
    void otherStatementsAreKnown() {
        assertThat(read("DO SETVAL(`s``q`, 1, 0);").name()).isEqualTo("s`q");
        assertThat(read("SELECT SETVAL(`d`.`sq`, 1, 0);").verb()).isEqualTo(Verb.SETVAL);
        assertThat(read("SELECT 1").verb()).isEqualTo(Verb.OTHER);
        assertThat(read("ALTER DATABASE `d` CHARACTER SET latin1").verb()).isEqualTo(Verb.ALTER_DATABASE);
        assertThat(read("ALTER TABLE `d` ADD x int").verb()).isEqualTo(Verb.OTHER);
        assertThat(read("REPLACE INTO `t` VALUES (1)").name()).isEqualTo("t");
        assertThat(read("-- nothing").verb()).isEqualTo(Verb.NONE);
        assertThat(read("CREATE TABLE").verb()).isEqualTo(Verb.OTHER);
    }
}
