package io.github.bpipe.config.generate;

import io.github.bpipe.config.generate.Application.Database;
import io.github.bpipe.config.model.Directive;
import io.github.bpipe.config.model.Item;
import io.github.bpipe.config.model.Resource;
import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The FileSet: one Include, in which the daemon saves all files before the first database. A file that came after a
 * database would make a restore of both fail. Owners and modes are not all that a file has: its access control list and
 * extended attributes are saved too. Nothing is compressed by the daemon: the streams are compressed already.
 */
final class FileSetMaker {
    private static final Pattern WILD = Pattern.compile("[*?\\[]");

    private final Application application;
    private final Dialect dialect;
    private final Method method;

    FileSetMaker(Application application, Dialect dialect, Method method) {
        this.application = application;
        this.dialect = dialect;
        this.method = method;
    }

    Resource make() throws Failure {
        List<Item> include = new ArrayList<>();
        excludedPatterns(include);
        include.add(Resource.of(
                "Options",
                Directive.of("Signature", dialect.signature()),
                Directive.of("ACL Support", "yes"),
                Directive.of("XATTR Support", "yes")));
        for (String file : files()) {
            include.add(Directive.of("File", file));
        }
        if (method == Method.BPIPE) {
            for (Database database : application.databases()) {
                include.add(Directive.of("Plugin", dialect.plugin(application.pluginLine(database))));
            }
        }
        List<Item> items = new ArrayList<>(List.of(Directive.of("Name", application.name())));
        items.add(new Resource("Include", include, null));
        List<Item> excluded = new ArrayList<>();
        application.exclude().stream()
                .filter(path -> !isExpression(path) && !WILD.matcher(path).find())
                .forEach(path -> excluded.add(Directive.of("File", path)));
        if (!excluded.isEmpty()) {
            items.add(new Resource("Exclude", excluded, null));
        }
        return new Resource("FileSet", items, null);
    }

    /** Before the Options for everything else, because the first that matches a file counts. */
    private void excludedPatterns(List<Item> include) {
        List<Item> options = new ArrayList<>();
        application.exclude().stream()
                .filter(path -> isExpression(path) || WILD.matcher(path).find())
                .forEach(pattern -> options.add(Directive.of(isExpression(pattern) ? "Regex" : "Wild", pattern)));
        if (!options.isEmpty()) {
            options.add(Directive.of("Exclude", "yes"));
            include.add(new Resource("Options", options, null));
        }
    }

    /** Neither a path nor a pattern for a whole name begins like one. */
    private static boolean isExpression(String excluded) {
        return excluded.startsWith("^");
    }

    private List<String> files() throws Failure {
        List<String> files = new ArrayList<>(application.include());
        for (String file : files) {
            if (!file.startsWith("/")) {
                throw new Failure(
                        ExitCode.USAGE,
                        "not a full path in files.include: " + file,
                        "begin it with a slash: the daemon has a working directory of its own");
            }
        }
        if (method == Method.DUMP_FILE) {
            application.databases().forEach(database -> files.add(database.dumpFile()));
        }
        if (method == Method.OFFLINE) {
            requireDatabaseFiles(files);
        }
        return files;
    }

    private void requireDatabaseFiles(List<String> files) throws Failure {
        if (files.isEmpty()) {
            throw new Failure(
                    ExitCode.USAGE,
                    "an offline backup saves files, and the profile names none",
                    "add files: include: with the data folder of the database");
        }
        for (Database database : application.databases()) {
            Path file = Path.of(database.profile().database());
            boolean sqlite = database.profile().engine() == Engine.SQLITE;
            if (sqlite && files.stream().noneMatch(file::startsWith)) {
                throw new Failure(
                        ExitCode.USAGE,
                        "files.include does not hold the database " + file,
                        "add its folder, so that its -wal file is saved with it");
            }
        }
    }
}
