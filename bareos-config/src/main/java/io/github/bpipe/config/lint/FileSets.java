package io.github.bpipe.config.lint;

import io.github.bpipe.config.model.Directive;
import io.github.bpipe.config.model.Resource;
import io.github.bpipe.config.plugin.PluginString;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What the rules want to know of a FileSet. */
final class FileSets {
    /** One Plugin directive that speaks to bpipe. */
    record BpipeLine(Directive directive, PluginString plugin) {}

    private FileSets() {}

    static List<BpipeLine> bpipeLines(Resource fileSet) {
        return fileSet.blocks("Include").flatMap(FileSets::linesOf).toList();
    }

    static List<BpipeLine> inInclude(Resource include) {
        return linesOf(include).toList();
    }

    private static Stream<BpipeLine> linesOf(Resource include) {
        return include.directives("Plugin").flatMap(directive -> line(directive).stream());
    }

    private static Optional<BpipeLine> line(Directive directive) {
        return PluginString.parse(directive.value()).map(plugin -> new BpipeLine(directive, plugin));
    }
}
