package io.github.bpipe.config.generate;

import io.github.bpipe.config.model.Resource;
import io.github.bpipe.config.model.ResourcePrinter;
import java.util.List;

/**
 * One file with one resource.
 *
 * @param path below the folder of the configuration
 * @param comment what it is, how to install and test it
 */
public record GeneratedFile(String path, List<String> comment, Resource resource) {
    /** As it stands on the disk. */
    public String text() {
        StringBuilder text = new StringBuilder();
        comment.forEach(line -> text.append(("# " + line).strip()).append('\n'));
        return text.append(ResourcePrinter.print(resource)).toString();
    }
}
