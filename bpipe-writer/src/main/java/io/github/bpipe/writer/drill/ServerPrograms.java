package io.github.bpipe.writer.drill;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.process.Captured;
import io.github.bpipe.core.process.Command;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds the programs of database servers, which packages do not put on every PATH. */
final class ServerPrograms {
    private static final Pattern MAJOR = Pattern.compile("(\\d+)");
    private static final List<Path> SYSTEM_FOLDERS = Stream.of("/usr/local/sbin", "/usr/sbin", "/usr/libexec", "/sbin")
            .map(Path::of)
            .toList();

    private ServerPrograms() {}

    /** Those of MariaDB. */
    record MariaDb(Path server, Path install) {
        /** @param folder to look in, or null for where packages put them */
        static MariaDb find(Path folder) throws Failure {
            List<Path> folders = folder != null
                    ? List.of(folder)
                    : Stream.concat(pathFolders(), SYSTEM_FOLDERS.stream()).toList();
            return new MariaDb(
                    require(folder, folders, "mariadbd", "mariadb-server"),
                    require(folder, folders, "mariadb-install-db", "mariadb-server"));
        }
    }

    /** Folder and major version of PostgreSQL's. */
    record Postgres(Path folder, int major) {
        /**
         * Those of the version that fits best: the same, else the next newer one, else the newest.
         *
         * @param folder to look in, or null for where packages put them
         * @param dumped version that the dump comes from, as the server said it, or null
         */
        static Postgres find(Path folder, String dumped) throws IOException {
            List<Postgres> found = new ArrayList<>();
            for (Path candidate : folder != null ? List.of(folder) : postgresFolders()) {
                if (Files.isExecutable(candidate.resolve("postgres"))
                        && Files.isExecutable(candidate.resolve("initdb"))) {
                    Command version = Command.of(candidate.resolve("postgres").toString(), "--version");
                    found.add(new Postgres(
                            candidate, majorOf(Captured.run(version).stdout())));
                }
            }
            int wanted = dumped == null ? 0 : majorOf(dumped);
            return found.stream()
                    .filter(each -> each.major >= wanted)
                    .min(Comparator.comparingInt(Postgres::major))
                    .or(() -> found.stream().max(Comparator.comparingInt(Postgres::major)))
                    .orElseThrow(() -> missing(folder, "postgres and initdb", "postgresql"));
        }
    }

    private static int majorOf(String version) {
        Matcher matcher = MAJOR.matcher(version);
        return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
    }

    private static List<Path> postgresFolders() throws IOException {
        List<Path> folders = new ArrayList<>();
        // as Debian's packages have it, and as those of postgresql.org for EL
        for (String[] place : new String[][] {{"/usr/lib/postgresql", "*"}, {"/usr", "pgsql-*"}}) {
            Path parent = Path.of(place[0]);
            if (Files.isDirectory(parent)) {
                try (DirectoryStream<Path> versions = Files.newDirectoryStream(parent, place[1])) {
                    versions.forEach(version -> folders.add(version.resolve("bin")));
                }
            }
        }
        pathFolders().forEach(folders::add);
        return folders;
    }

    private static Stream<Path> pathFolders() {
        String path = System.getenv("PATH");
        return path == null ? Stream.empty() : Stream.of(path.split(":")).map(Path::of);
    }

    private static Path require(Path named, List<Path> folders, String name, String debianPackage) throws Failure {
        return folders.stream()
                .map(folder -> folder.resolve(name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> missing(named, name, debianPackage));
    }

    private static Failure missing(Path folder, String programs, String debianPackage) {
        return new Failure(
                ExitCode.CLIENT,
                "no server programs for a throwaway server: no " + programs
                        + (folder != null ? " in " + folder : " where packages put them"),
                "install the package " + debianPackage + " (its own service need not run), name their folder with"
                        + " --server-programs, or drill into a server with --into-server");
    }
}
