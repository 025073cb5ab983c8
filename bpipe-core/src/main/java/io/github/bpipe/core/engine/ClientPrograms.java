package io.github.bpipe.core.engine;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Finds native client programs in the folder that the administrator named, else on the PATH. */
final class ClientPrograms {
    private ClientPrograms() {}

    /**
     * Path of the first of these programs that exists.
     *
     * @param folder to look in, or null for the PATH
     * @param names in the order of preference
     * @param debianPackage that holds them, for the hint
     */
    static String find(Path folder, List<String> names, String debianPackage) throws Failure {
        List<Path> folders = folder != null ? List.of(folder) : pathFolders();
        for (String name : names) {
            for (Path candidate : folders) {
                if (Files.isExecutable(candidate.resolve(name))) {
                    return candidate.resolve(name).toString();
                }
            }
        }
        throw new Failure(
                ExitCode.CLIENT,
                "no " + String.join(" or ", names) + (folder != null ? " in " + folder : " on the PATH"),
                "install the package " + debianPackage + ", or name the folder with --clients");
    }

    /** The folders of the PATH, in its order. */
    static List<Path> pathFolders() {
        String path = System.getenv("PATH");
        return path == null
                ? List.of()
                : java.util.Arrays.stream(path.split(":")).map(Path::of).toList();
    }
}
