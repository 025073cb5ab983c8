package io.github.bpipe.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The folders of a Nextcloud without its programs, owned by the web server's user, with an {@code occ} that is a real PHP
 * program: it keeps the maintenance mode in a real {@code config.php} and refuses to run as anybody else.
 */
public final class ThrowawayCloud {
    /** The web server's user where we are root. */
    public static final String USER = Programs.root() ? "www-data" : System.getProperty("user.name");

    private final Path root;

    /**
     * Makes one.
     *
     * @param folder for it, without symbolic links; everybody may pass through it
     */
    public ThrowawayCloud(Path folder) {
        this.root = folder.resolve("cloud");
        try {
            Files.createDirectories(root.resolve("config"));
            Files.createDirectories(root.resolve("data/alice/files"));
            Files.createFile(root.resolve("data/.ncdata"));
            Files.writeString(root.resolve("occ"), Programs.resource(ThrowawayCloud.class, "occ"));
            Files.writeString(
                    root.resolve("version.php"),
                    "<?php\n$OC_Version = [31, 0, 3, 2];\n$OC_VersionString = '31.0.3';\n$vendor = 'nextcloud';\n");
            configure("'version' => '31.0.3.2'");
            Programs.run("chmod", "a+x", folder.toString()).orFail();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Folder of its programs. */
    public Path root() {
        return root;
    }

    public Path config() {
        return root.resolve("config/config.php");
    }

    public Path data() {
        return root.resolve("data");
    }

    /** Writes its configuration anew, with these settings in PHP, and gives everything to its user. */
    public void configure(String settings) {
        try {
            Files.writeString(config(), "<?php\n$CONFIG = [" + settings + "];\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        own();
    }

    /** Gives everything to its user, as it is after an installation. */
    public void own() {
        Programs.run("chown", "-R", USER, root.toString()).orFail();
    }

    /** What an administrator does: runs occ, which must succeed. */
    public void occ(String... words) {
        List<String> command = new java.util.ArrayList<>();
        if (Programs.root()) {
            command.addAll(List.of("setpriv", "--reuid=" + USER, "--clear-groups", "--"));
        }
        command.addAll(
                List.of(Programs.find("php", "php-cli"), root.resolve("occ").toString()));
        command.addAll(List.of(words));
        Programs.run(command, java.util.Map.of(), new byte[0]).orFail();
    }

    /** True while the configuration says so, as PHP itself reads it. */
    public boolean inMaintenance() {
        return php("empty($CONFIG['maintenance']) ? 'off' : 'on'").equals("on");
    }

    /** A setting as PHP itself reads it; empty where it is not set. */
    public String setting(String name) {
        return php("$CONFIG['" + name + "'] ?? ''");
    }

    /** What occ was told to do, so far; only what it did not fail at before. */
    public List<String> commands() {
        try {
            Path log = root.resolve("occ.log");
            return Files.exists(log) ? Files.readAllLines(log) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes a command of occ {@code fail}, {@code hang}, {@code lie} or {@code chat} from now on; null ends that. */
    public void trouble(String kind, String command) {
        try {
            Path file = root.resolve("occ.trouble");
            Files.deleteIfExists(file);
            if (kind != null) {
                Files.writeString(file, kind + " " + command + "\n");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The section application: of its profile. */
    public String section(String more) {
        return """
                application:
                  kind: nextcloud
                  root: %1$s
                  configFile: %1$s/config/config.php
                  data: %1$s/data
                  user: %2$s
                """.formatted(root, USER) + more;
    }

    private String php(String expression) {
        String php = Programs.find("php", "php-cli");
        return Programs.run(php, "-r", "include $argv[1]; echo " + expression + ";", config().toString())
                .orFail();
    }
}
