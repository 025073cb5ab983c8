package io.github.bpipe.core.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Units as a whole, however the script arrives. */
class MySqlUnitsTest {
    private static final byte[] SCRIPT = """
            -- of t
            CREATE TABLE `t` (a int);
            SET sql_mode = 'ANSI_QUOTES';
            CREATE TABLE "u; v" (a int);
            CREATE TABLE cut (a""".getBytes(StandardCharsets.UTF_8);

    @Test
    void eachUnitComesWholeAndOneThatIsCutOffDoesNotCome() throws IOException {
        List<String> found = new ArrayList<>();
        MySqlUnits.read(SCRIPT, (statement, text) -> found.add(describe(statement, text)));

        assertThat(found)
                .containsExactly(
                        "t: -- of t\nCREATE TABLE `t` (a int);\n",
                        "null: SET sql_mode = 'ANSI_QUOTES';\n",
                        "u; v: CREATE TABLE \"u; v\" (a int);\n");
    }

    @Test
    void bytesThatArriveOneByOneMakeTheSameUnits() throws IOException {
        List<String> atOnce = new ArrayList<>();
        MySqlUnits.read(SCRIPT, (statement, text) -> atOnce.add(describe(statement, text)));

        List<String> oneByOne = new ArrayList<>();
        List<String> modes = new ArrayList<>();
        MySqlUnits[] units = new MySqlUnits[1];
        units[0] = new MySqlUnits((statement, text) -> {
            oneByOne.add(describe(statement, text));
            modes.add(units[0].sqlMode());
        });
        for (byte each : SCRIPT) {
            units[0].feed(new byte[] {each}, 1);
        }
        units[0].finish();

        assertThat(oneByOne).isEqualTo(atOnce);
        assertThat(modes).containsExactly("", "ANSI_QUOTES", "ANSI_QUOTES");
    }

    private static String describe(MySqlStatement statement, byte[] text) {
        return statement.name() + ": " + new String(text, StandardCharsets.UTF_8);
    }
}
