package io.github.bpipe.config.lint;

import io.github.bpipe.config.lint.FileSets.BpipeLine;
import io.github.bpipe.config.model.Directive;
import io.github.bpipe.config.model.Resource;
import io.github.bpipe.config.plugin.PluginString;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Rules about one FileSet. */
final class FileSetRules {
    private static final Pattern COMPRESSES =
            Pattern.compile("bpipe-reader|gzip|pigz|bzip2|zstd|\\bxz\\b|\\blz4\\b|pg_dump.*(-Fc|--format=c)");

    private FileSetRules() {}

    static void check(Resource fileSet, Findings findings) {
        FileSets.bpipeLines(fileSet).forEach(line -> checkLine(line, findings));
        duplicateFiles(fileSet, findings);
        filesAfterBpipe(fileSet, findings);
        fileSet.blocks("Include").forEach(include -> compressedTwice(include, findings));
    }

    private static void checkLine(BpipeLine line, Findings findings) {
        Directive at = line.directive();
        PluginString plugin = line.plugin();
        plugin.strays().forEach(stray -> findings.add(Rule.PLUGIN_COLON, at, "before \"" + Secrets.hide(stray) + "\""));
        if (!plugin.get(PluginString.FILE).startsWith("/")) {
            findings.add(Rule.PLUGIN_FILE, at, plugin.get(PluginString.FILE));
        }
        String reader = plugin.get(PluginString.READER);
        String writer = plugin.get(PluginString.WRITER);
        if (reader.isBlank() || writer.isBlank()) {
            findings.add(Rule.PLUGIN_PAIR, at, reader.isBlank() ? "no reader" : "no writer");
        }
        for (String command : List.of(reader, writer)) {
            if (!command.isBlank()) {
                CommandRules.checkPlugin(plugin, command, at, findings);
            }
        }
    }

    private static void duplicateFiles(Resource fileSet, Findings findings) {
        Map<String, Directive> seen = new HashMap<>();
        for (BpipeLine line : FileSets.bpipeLines(fileSet)) {
            String file = line.plugin().get(PluginString.FILE);
            Directive first = seen.putIfAbsent(file, line.directive());
            if (first != null && !file.isEmpty()) {
                findings.add(
                        Rule.DUPLICATE_FILE,
                        line.directive(),
                        file + " stands in line " + first.at().line() + " too");
            }
        }
    }

    private static void filesAfterBpipe(Resource fileSet, Findings findings) {
        Optional<BpipeLine> before = Optional.empty();
        for (Resource include : fileSet.blocks("Include").toList()) {
            Optional<Directive> file = include.directives("File").findFirst();
            if (before.isPresent() && file.isPresent()) {
                findings.add(Rule.FILES_AFTER_BPIPE, file.get(), file.get().value());
            }
            before = before.or(() -> FileSets.inInclude(include).stream().findFirst());
        }
    }

    private static void compressedTwice(Resource include, Findings findings) {
        Optional<BpipeLine> compressed = FileSets.inInclude(include).stream()
                .filter(line -> COMPRESSES
                        .matcher(line.plugin().get(PluginString.READER))
                        .find())
                .findFirst();
        if (compressed.isEmpty()) {
            return;
        }
        include.blocks("Options")
                .flatMap(options -> options.directives("Compression"))
                .filter(directive -> !directive.value().equalsIgnoreCase("none"))
                .forEach(directive -> findings.add(
                        Rule.COMPRESSED_TWICE,
                        directive,
                        directive.value() + " on top of "
                                + compressed.get().plugin().get(PluginString.FILE)));
    }
}
