package io.github.bpipe.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A {@code systemctl} for machines where no systemd runs: a unit is a file that holds its state. It understands what the
 * toolkit asks of the real one. A unit whose file {@code NAME.stuck} exists does not stop; one with {@code NAME.waits} stops
 * when somebody has written {@code stopped} into it.
 */
final class FakeSystemd {
    private final Path folder;

    FakeSystemd(Path parent) throws IOException {
        folder = Files.createDirectories(parent.resolve("systemd"));
        Installed.script(folder.resolve("systemctl"), """
                cd %s || exit 9
                verb=$1; for unit; do :; done
                case $verb in
                    show)
                        if [ -f "$unit" ]; then echo LoadState=loaded; else echo LoadState=not-found; fi
                        echo "ActiveState=$(cat "$unit" 2>/dev/null || echo inactive)" ;;
                    start) echo active > "$unit"; echo "start $unit" >> log ;;
                    stop)
                        if [ -f "$unit.stuck" ]; then exec sleep 600; fi
                        echo deactivating > "$unit"
                        while [ -f "$unit.waits" ] && ! grep -q stopped "$unit.waits"; do sleep 0.05; done
                        echo inactive > "$unit"; echo "stop $unit" >> log ;;
                esac
                """.formatted(folder));
    }

    /** What the PATH begins with. */
    Path folder() {
        return folder;
    }

    void unit(String name, String state) throws IOException {
        Files.writeString(folder.resolve(name), state + "\n");
    }

    String state(String name) throws IOException {
        return Files.readString(folder.resolve(name)).strip();
    }

    /** A file beside the unit's own. */
    Path file(String name) {
        return folder.resolve(name);
    }
}
