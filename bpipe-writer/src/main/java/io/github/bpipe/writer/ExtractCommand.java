package io.github.bpipe.writer;

import io.github.bpipe.core.cli.Messages;
import io.github.bpipe.core.cli.Surroundings;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.writer.pick.RowFilter;
import io.github.bpipe.writer.pick.StreamRows;
import io.github.bpipe.writer.pick.format.CsvFormat;
import io.github.bpipe.writer.pick.format.JsonFormat;
import io.github.bpipe.writer.pick.format.SqlFormat;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bpipe-writer extract}: rows of one table, without any server. */
@Command(
        name = "extract",
        mixinStandardHelpOptions = true,
        description =
                "Prints rows of one table, or calendar entries or contacts of Nextcloud, out of the stream on stdin;"
                        + " no server is needed and, but for --put-back, no database is touched. The stream is verified on the way: only exit status 0 means that all of it came.",
        footer = {
            "",
            "Examples:",
            "  bpipe-writer extract oc_users --where uid=alice < nextcloud.sql.zst",
            "  bpipe-writer extract sales.orders --format json < shop.sql.zst",
            "  bpipe-writer extract --nextcloud calendar --user alice --text 'dentist' < nextcloud.sql.zst"
        })
final class ExtractCommand implements Callable<Integer> {
    private enum Format {
        CSV,
        JSON,
        SQL
    }

    @Parameters(
            arity = "0..1",
            paramLabel = "TABLE",
            description = "Its plain name; for PostgreSQL schema.table, or the bare name where only one schema has it.")
    private String table;

    @Option(
            names = "--where",
            paramLabel = "COLUMN=VALUE",
            description = "Only rows with that value, as csv prints it; given several times, all must hold.")
    private List<String> where = List.of();

    @Option(
            names = "--format",
            paramLabel = "csv|json|sql",
            description = "csv (default): NULL is nothing, an empty text is \"\", bytes are \\x and hexadecimal digits."
                    + " json: an array of objects, bytes in base64. sql: INSERT statements of the engine.")
    private Format format = Format.CSV;

    @Mixin
    private NextcloudOptions nextcloud;

    private final Surroundings surroundings;
    private final Messages messages;

    ExtractCommand(Surroundings surroundings, Messages messages) {
        this.surroundings = surroundings;
        this.messages = messages;
    }

    @Override
    public Integer call() throws IOException {
        if (nextcloud.chosen() == (table != null)) {
            throw new Failure(
                    ExitCode.USAGE,
                    table == null ? "no table is named" : "a table is named, and --nextcloud names others",
                    "give a table, or --nextcloud calendar, or --nextcloud contacts");
        }
        if (nextcloud.chosen()) {
            nextcloud.extract(surroundings, messages);
        } else {
            nextcloud.requireUnused();
            printRows();
        }
        return ExitCode.OK.code();
    }

    private void printRows() throws IOException {
        OutputStream out = Payload.of(surroundings.out());
        try {
            switch (format) {
                case CSV -> read(engine -> new CsvFormat(out));
                case SQL -> read(engine -> new SqlFormat(out, engine));
                case JSON -> {
                    JsonFormat json = new JsonFormat(out);
                    read(engine -> json);
                    json.end();
                }
            }
        } finally {
            // what came before a failure is printed too; the exit status tells that it is not all
            out.flush();
        }
    }

    private void read(StreamRows.Handlers printer) throws IOException {
        StreamRows.read(
                surroundings.in(),
                List.of(table),
                engine -> where.isEmpty() ? printer.of(engine) : new RowFilter(where, printer.of(engine)));
    }
}
