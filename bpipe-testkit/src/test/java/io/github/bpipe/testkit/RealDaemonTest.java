package io.github.bpipe.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The real daemons save and restore through the bpipe plugin; what the toolkit relies on, with the simplest programs. */
@Timeout(120)
class RealDaemonTest {
    private static RealDaemon daemon;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        daemon = RealDaemon.start();
    }

    @AfterAll
    static void stop() {
        daemon.close();
    }

    @Test
    void whatAReaderPrintsAWriterReads() throws IOException {
        Path source = Files.writeString(folder.resolve("source"), "äöü payload\n".repeat(50_000));
        Path target = folder.resolve("target");
        daemon.configure(resources("cat", "/bin/cat " + source, "/bin/dd status=none of=" + target, ""));

        RealDaemon.Job backup = daemon.run("run job=cat level=Full yes");
        assertThat(backup.status()).as(backup.log()).isEqualTo('T');
        RealDaemon.Job restore = daemon.restore("cat", "restorejob=cat-restore");
        assertThat(restore.status()).as(restore.log()).isEqualTo('T');
        assertThat(target).hasSameTextualContentAs(source);
    }

    @Test
    void aReaderThatFailsIsOnlyAWarningUntilAScriptBehindItFails() {
        daemon.configure(resources("broken", "/bin/cat /no/such/file", "/bin/dd of=/dev/null", ""));
        RealDaemon.Job silent = daemon.run("run job=broken level=Full yes");
        assertThat(silent.status()).as(silent.log()).isEqualTo('T');
        assertThat(silent.log()).contains("Error closing for file /broken: 268435457");

        String script = """
                RunScript {
                  Runs When = After; Runs On Client = yes; Runs On Failure = yes; Fail Job On Error = yes
                  Command = "/bin/ls /no/report/of/job/%i"
                }
                """;
        daemon.configure(resources("broken", "/bin/cat /no/such/file", "/bin/dd of=/dev/null", script));
        RealDaemon.Job heard = daemon.run("run job=broken level=Full yes");
        assertThat(heard.status()).as(heard.log()).isEqualTo('E');
        assertThat(heard.log()).contains("/no/report/of/job/" + heard.id());
    }

    private static String resources(String name, String reader, String writer, String scripts) {
        return """
                FileSet { Name = %1$s; Include { Options { Signature = MD5 } Plugin = "bpipe:/%1$s:%2$s:%3$s" } }
                Job { Name = %1$s; JobDefs = DefaultJob; FileSet = %1$s; %4$s }
                Job { Name = %1$s-restore; Type = Restore; Client = test-fd; FileSet = %1$s; Storage = File1; Pool = File
                      Messages = Standard; Where = "/" }
                """.formatted(name, reader, writer, scripts);
    }
}
