package io.github.bpipe.config;

import io.github.bpipe.testkit.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The folders of an application as its installation leaves them, without the programs. */
final class CloudTree {
    /** Who owns it: the web server's user where we are root. */
    static final String USER = Programs.root() ? "www-data" : System.getProperty("user.name");

    private final Path root;
    private final Path data;

    CloudTree(Path folder, String vendor, String version) throws IOException {
        this.root = Files.createDirectories(folder.toRealPath().resolve("www/" + vendor));
        this.data = Files.createDirectories(folder.toRealPath().resolve("srv/data"));
        Files.createDirectories(root.resolve("config"));
        Files.createDirectories(root.resolve("data"));
        Files.createDirectories(root.resolve("custom_apps"));
        Files.createFile(root.resolve("data/.ocdata"));
        Files.createFile(data.resolve(".ncdata"));
        Files.writeString(root.resolve("version.php"), """
                <?php
                $OC_Version = array(%1$s);
                $OC_VersionString = '%2$s';
                $OC_VersionCanBeUpgradedFrom = ['nextcloud' => ['30.0' => true], 'owncloud' => ['10.13' => true]];
                $vendor = '%3$s';
                """.formatted(version.replace(".", ", "), version, vendor));
    }

    Path root() {
        return root;
    }

    Path data() {
        return data;
    }

    Path config() {
        return root.resolve("config/config.php");
    }

    /** One of the test's configurations, with this tree's folders in it, and more of what its capitals stand for. */
    CloudTree configured(String resource, Map<String, String> places) {
        try {
            String text = new String(
                    CloudTree.class
                            .getResourceAsStream("applications/" + resource + ".php")
                            .readAllBytes(),
                    StandardCharsets.UTF_8);
            text = text.replace("ROOT", root.toString()).replace("DATA", data.toString());
            for (Map.Entry<String, String> place : places.entrySet()) {
                text = text.replace(place.getKey(), place.getValue());
            }
            Files.writeString(config(), text);
            Programs.run("chown", "-R", USER, root.toString(), data.toString()).orFail();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
