package io.github.bpipe.writer.target.mariadb;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MariaDbAccountGrantTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "my_app | false | GRANT SELECT ON `my\\_app`.* TO `u`@`h` | GRANT SELECT ON `my\\_app`.* TO `u`@`h`",
                "my_app | false | GRANT SELECT ON `my%`.* TO `u`@`h` | GRANT SELECT ON `my%`.* TO `u`@`h`",
                "a_b    | false | GRANT SELECT ON `my%`.* TO `u`@`h` | GRANT SELECT ON `a\\_b`.* TO `u`@`h`",
                "a_b    | true  | GRANT SELECT (`on`) ON `x`.`ön` TO `u`@`x.y` | GRANT SELECT (`on`) ON `a_b`.`ön` TO `u`@`x.y`",
                "a`b    | true  | GRANT EXECUTE ON PROCEDURE `x`.`p` TO `u`@`h` | GRANT EXECUTE ON PROCEDURE `a``b`.`p` TO `u`@`h`",
                "a      | true  | GRANT EXECUTE ON PACKAGE BODY `x`.`p` TO `r` | GRANT EXECUTE ON PACKAGE BODY `a`.`p` TO `r`",
                "a      | false | GRANT `on` TO `u`@`x.y` | GRANT `on` TO `u`@`x.y`",
                "a      | false | SET DEFAULT ROLE `r` FOR `u`@`h` | SET DEFAULT ROLE `r` FOR `u`@`h`"
            })
    void aGrantFollowsItsDatabaseToAnotherName(String live, boolean needsObject, String said, String wanted) {
        MariaDbAccountGrant grant = MariaDbAccountGrant.parse(said);
        assertThat(grant.on(live)).isEqualTo(wanted);
        assertThat(grant.needsObject()).isEqualTo(needsObject);
    }
}
