package io.github.bpipe.testkit;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Files of an application with everything that a copy can lose; needs root, and the packages acl and attr. */
public final class AwkwardTree {
    private static final String SHELL = "/bin/bash";

    private static final String MAKE = """
            set -eu
            mkdir -p "$1/alice/files/empty" "$1/alice/files/-r" "$1/alice/files/cache" "$1/alice/cache"
            cd "$1"
            echo log > cloud.log
            echo cached > alice/cache/c
            cd alice/files
            echo kept > cache/kept
            printf 'a\\nb' > $'new\\nline'
            printf 'bytes' > $'\\xff\\xfe not UTF-8'
            printf 'dash' > ./-r/--help
            printf 'quote' > "it's \\"quoted\\" \\$HOME %41 \\\\"
            : > nothing
            printf 'linked' > first
            ln first second
            ln first ./-r/third
            ln -s /etc/passwd outside
            ln -s ../../nowhere dangling
            ln -s $'new\\nline' inside
            truncate -s 64M sparse
            echo end >> sparse
            setfacl -m u:games:rwx,d:u:games:r-x ./-r
            setfacl -m u:games:r-- nothing
            setfattr -n user.comment -v 'of a file' nothing
            setfattr -n user.comment -v 'of a folder' empty
            chown -hR www-data:www-data "$1"
            chmod 2750 empty
            chmod 4711 first
            chmod 0400 nothing
            chown root:games sparse
            touch -h -d '2001-02-03 04:05:06.123456789' nothing empty outside ./-r
            """;

    private static final String CHANGE = """
            set -eu
            cd "$1/alice/files"
            echo changed > nothing
            setfacl -b nothing
            rm -r empty ./-r/--help outside second dangling sparse
            ln -s /etc outside
            mkdir dangling
            echo mine > dangling/file
            echo 'another file' > second
            echo small > sparse
            mkdir -p extra/deep
            echo extra > extra/deep/file
            ln -s /etc extra/etc
            setfacl -b -k ./-r
            setfacl -m u:games:rwx .
            setfattr -n user.added -v x ./-r
            chmod 0777 "$1" first
            chown root "$1/alice"
            """;

    /** All that there is to know, but of the names that are left out. */
    private static final String FINGERPRINT = """
            set -eu
            cd "$1"
            shift
            find . "$@" -type d -printf '%p|%m|%U|%G|%T+\\n' | LC_ALL=C sort
            find . "$@" ! -type d -printf '%p|%y|%m|%U|%G|%n|%l|%T+\\n' | LC_ALL=C sort
            find . "$@" -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
            find . "$@" ! -type l -print0 | LC_ALL=C sort -z | xargs -0 getfacl --numeric
            find . "$@" ! -type l -print0 | LC_ALL=C sort -z | xargs -0 getfattr --dump
            """;

    private AwkwardTree() {}

    /** Makes files of a user alice, a log and a cache in a folder, which is made, too. */
    public static void make(Path folder) {
        shell(MAKE, folder.toString());
    }

    /** Changes, removes and adds files, and what belongs to them. */
    public static void change(Path folder) {
        shell(CHANGE, folder.toString());
    }

    /**
     * Names, types, owners, modes, times, contents, access control lists and extended attributes, as one text.
     *
     * @param conditions of {@code find} for what counts
     */
    public static String fingerprint(Path folder, String... conditions) {
        String[] arguments = new String[conditions.length + 1];
        arguments[0] = folder.toString();
        System.arraycopy(conditions, 0, arguments, 1, conditions.length);
        return shell(FINGERPRINT, arguments);
    }

    private static String shell(String script, String... arguments) {
        Programs.find("setfacl", "acl");
        Programs.find("setfattr", "attr");
        List<String> command = new ArrayList<>(List.of(SHELL, "-c", script, SHELL));
        command.addAll(List.of(arguments));
        return Programs.run(command, Map.of("LC_ALL", "C"), new byte[0]).orFail();
    }
}
