package io.github.bpipe.core.application;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.php.PhpReader;
import io.github.bpipe.core.php.PhpValue;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The settings of a Nextcloud or an ownCloud: {@code config.php}, and over it every {@code *.config.php} beside it in
 * natural order, as the application merges them (lib/private/Config.php).
 */
public final class CloudConfig {
    /** The main file in the folder of the configuration. */
    public static final String MAIN = "config.php";

    private static final String VARIABLE = "CONFIG";
    private static final Pattern DIGITS = Pattern.compile("\\d{1,18}");

    private final Map<String, PhpValue> settings = new HashMap<>();
    private final Map<String, String> places = new HashMap<>();
    private final List<String> notes = new ArrayList<>();

    private CloudConfig() {}

    /**
     * Reads all files of the configuration.
     *
     * @param root of the application, without symbolic links
     * @param folder of the configuration, without symbolic links
     */
    public static CloudConfig read(Path root, Path folder) throws IOException {
        CloudConfig config = new CloudConfig();
        Path main = folder.resolve(MAIN);
        config.merge(main, PhpFile.read(main, root, folder));
        for (Path file : more(folder)) {
            config.merge(file, PhpFile.read(file, root, folder));
        }
        return config;
    }

    /**
     * A setting as text.
     *
     * @throws Failure where it is there, but only running PHP could tell what it is, or it is no text
     */
    public Optional<String> text(String key) throws Failure {
        PhpValue value = settings.get(key);
        if (value == null || value instanceof PhpValue.Null) {
            return Optional.empty();
        }
        if (value instanceof PhpValue.Text text && text.text().indexOf('\0') < 0) {
            return Optional.of(text.text());
        }
        if (value instanceof PhpValue.Numeral number) {
            return Optional.of(number.digits());
        }
        if (value instanceof PhpValue.Unknown unknown) {
            throw new Failure(
                    ExitCode.APPLICATION,
                    places.get(key) + ": " + key + " is not a constant but " + unknown.what()
                            + ", and PHP is never run here",
                    "write the value itself into that line, or write the profile by hand (init generic)");
        }
        throw new Failure(ExitCode.APPLICATION, places.get(key) + ": " + key + " is not a text", "correct that line");
    }

    /** A setting as it is, or empty where it is not set or null. */
    public Optional<PhpValue> value(String key) {
        return Optional.ofNullable(settings.get(key)).filter(value -> !(value instanceof PhpValue.Null));
    }

    /** Where a setting stands: {@code file:line}. */
    public String place(String key) {
        return places.get(key);
    }

    /** What was not understood, with {@code file:line}: each may set something that is not known here. */
    public List<String> notes() {
        return List.copyOf(notes);
    }

    private void merge(Path file, PhpReader.Contents contents) throws Failure {
        for (PhpReader.Skipped skipped : contents.skipped()) {
            notes.add(file + ":" + skipped.line() + ": not understood: " + skipped.what()
                    + (skipped.strings().isEmpty() ? "" : ", with " + String.join(", ", skipped.strings())));
        }
        PhpValue value = contents.variables().get(VARIABLE);
        if (value instanceof PhpValue.Table table) {
            table.entries().forEach((key, entry) -> {
                settings.put(key, entry);
                places.put(key, file + ":" + contents.lines().get(VARIABLE + "[" + key + "]"));
            });
        } else if (value instanceof PhpValue.Unknown unknown) {
            throw new Failure(
                    ExitCode.APPLICATION,
                    file + ":" + contents.lines().get(VARIABLE) + ": $CONFIG is not a constant array but "
                            + unknown.what(),
                    "write it as the application itself does, or write the profile by hand (init generic)");
        } else if (file.endsWith(MAIN)) {
            throw new Failure(
                    ExitCode.APPLICATION,
                    file + " sets no array $CONFIG",
                    "is the application installed? restore its config.php");
        }
    }

    private static List<Path> more(Path folder) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "[!.]*." + MAIN)) {
            found.forEach(files::add);
        }
        files.sort(Comparator.comparing(file -> natural(file.getFileName().toString())));
        return files;
    }

    /** Numbers in names sort by their values. */
    private static String natural(String name) {
        return DIGITS.matcher(name)
                .replaceAll(number -> "0".repeat(18 - number.group().length()) + number.group());
    }
}
