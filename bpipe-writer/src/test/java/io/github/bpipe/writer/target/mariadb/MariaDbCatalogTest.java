package io.github.bpipe.writer.target.mariadb;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.engine.MariaDbClients;
import io.github.bpipe.core.engine.SqlSession;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MariaDbCatalogTest extends MariaDbCase {
    /** For the collation of the server's catalogue these names are all the same, so it may return them in any order. */
    @Test
    void namesThatDifferInCaseAloneHaveOneOrder() throws IOException {
        List<String> names = IntStream.range(0, 32)
                .mapToObj(i -> IntStream.range(0, 5)
                        .mapToObj(bit -> (i >> bit & 1) == 0 ? "x" : "X")
                        .reduce("", String::concat))
                .toList();
        StringBuilder sql = new StringBuilder();
        names.forEach(name -> sql.append("CREATE TABLE ").append(name).append(" (id int PRIMARY KEY);\n"));
        create(live, sql.toString());
        try (SqlSession session = new MariaDbClients(Engine.MARIADB, CONNECTION).session(null)) {
            assertThat(new MariaDbCatalog(session).moving(live))
                    .isEqualTo(names.stream().sorted().toList());
        }
    }
}
