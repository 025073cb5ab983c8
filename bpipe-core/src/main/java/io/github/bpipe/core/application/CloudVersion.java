package io.github.bpipe.core.application;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.php.PhpReader;
import io.github.bpipe.core.php.PhpValue;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;

/**
 * What the program files of an application say that they are (version.php).
 *
 * @param kind of application
 * @param number for people: 31.0.3
 */
public record CloudVersion(CloudKind kind, String number) {
    private static final String FILE = "version.php";

    /**
     * Recognises an application.
     *
     * @param root of the application, without symbolic links
     */
    public static CloudVersion read(Path root) throws Failure {
        Path file = root.resolve(FILE);
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new Failure(
                    ExitCode.APPLICATION,
                    root + " is neither Nextcloud nor ownCloud: no version.php in it",
                    "name the folder of its program files, or write a profile by hand (init generic)");
        }
        PhpReader.Contents contents = PhpFile.read(file, root, root);
        Map<String, PhpValue> variables = contents.variables();
        String vendor = text(variables.get("vendor"));
        CloudKind kind = CloudKind.find(vendor)
                .orElseThrow(() -> new Failure(
                        ExitCode.APPLICATION,
                        file + " says that this is neither nextcloud nor owncloud but "
                                + (vendor.isEmpty() ? "nothing" : vendor),
                        "name another folder, or write a profile by hand (init generic)"));
        return new CloudVersion(kind, text(variables.get("OC_VersionString")));
    }

    private static String text(PhpValue value) {
        return value instanceof PhpValue.Text text ? text.text() : "";
    }
}
