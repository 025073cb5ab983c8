package io.github.bpipe.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.job.RunFolder;
import io.github.bpipe.testkit.AwkwardSqlite;
import io.github.bpipe.testkit.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The page of a drill, as a browser shows it that has no network. */
@Timeout(120)
class DrillPageIT {
    private static final String HOSTILE =
            "</th><script>document.title='pwned'</script><img src=\"http://127.0.0.1/x\">";
    private static final Pattern REQUESTED = Pattern.compile("\"url\":\"([^\"]+)");
    /** What the browser asks for itself, and does not get. */
    private static final String BROWSERS_OWN = "https?://([a-z0-9-]+\\.)*(google|googleapis|gvt1)\\.com/.*";

    @TempDir
    private Path folder;

    @Test
    void theBrowserShowsVerdictBarsAndLinesAndAsksNobody() throws IOException {
        Path database = folder.resolve("app.db");
        AwkwardSqlite.sql(
                database,
                "CREATE TABLE \"" + HOSTILE.replace("\"", "\"\"") + "\" (i)",
                "CREATE TABLE many (i)",
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1234) INSERT INTO many SELECT i FROM n");
        byte[] stream =
                Installed.reader("--engine=sqlite", "--database=" + database).out();
        assertThat(drill(stream, "1233").status()).isEqualTo(ExitCode.DRILL_CHECK.code());
        String failed = dom(folder.resolve("state/app/drill.html"));
        assertThat(failed)
                .contains("<span>is not proven to restore</span>", "role=\"alert\"", "\u2717 failed")
                .contains("rows answered 1234, expected is 1233", "This is the first one");

        assertThat(drill(stream, "1234").status()).isZero();
        assertThat(drill(stream, "1234").status()).isZero();
        Path page = folder.resolve("state/app/drill.html");
        String dom = dom(page);
        assertThat(dom)
                .contains("<span>restores</span>", "\u2713 good", "The last 3 drills")
                .contains("<dt>Rows counted</dt><dd>1,234</dd>")
                .contains("<td class=\"number\">1,234</td><td class=\"bar rows\"><i style=\"width:100.00%\">")
                .contains("&lt;/th&gt;&lt;script&gt;document.title='pwned'&lt;/script&gt;&lt;img src=")
                .doesNotContain("<script", "<img", "<link", " href=", "url(", "@import", "<title>pwned");
        // two charts, each with two good drills and the failed one
        assertThat(dom.split("<svg viewBox=\"0 0 460 150\" role=\"img\"", -1)).hasSize(3);
        assertThat(dom.split("<circle cx=\"[0-9.]+\" cy=\"[0-9.]+\" r=\"4\">", -1))
                .hasSize(5);
        assertThat(dom.split("<path class=\"failed\"", -1)).hasSize(3);
        assertThat(dom).containsPattern("<path class=\"line\" d=\"M[0-9.]+ [0-9.]+L[0-9.]+ [0-9.]+\">");
        assertThat(Files.getPosixFilePermissions(page)).hasSize(2);
    }

    private Installed.Answer drill(byte[] stream, String expected) throws IOException {
        Files.writeString(folder.resolve("app.yaml"), """
                        engine: sqlite
                        database: %s/app.db
                        drill:
                          folder: %s
                          checks: [{name: rows, sql: SELECT count(*) FROM many, expect: %s}]
                        """.formatted(folder, folder, expected));
        return Installed.run(
                Installed.WRITER,
                stream,
                Map.of("BPIPE_CONFIG_DIR", folder.toString(), RunFolder.VARIABLE, folder + "/state"),
                "drill",
                "--profile=app");
    }

    /** What stands in the browser after it has opened the page. */
    private String dom(Path page) throws IOException {
        Path log = folder.resolve("net.json");
        Programs.Answer answer = Programs.run(
                Programs.find("chromium", "chromium"),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--user-data-dir=" + folder + "/browser",
                "--host-resolver-rules=MAP * ~NOTFOUND",
                "--log-net-log=" + log,
                "--dump-dom",
                page.toUri().toString());
        List<String> requested = REQUESTED
                .matcher(Files.readString(log))
                .results()
                .map(found -> found.group(1))
                .toList();
        assertThat(requested).allMatch(url -> url.matches(BROWSERS_OWN));
        return answer.orFail();
    }
}
