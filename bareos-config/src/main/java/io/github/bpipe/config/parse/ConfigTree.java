package io.github.bpipe.config.parse;

import io.github.bpipe.config.model.Item;
import io.github.bpipe.config.model.Position;
import io.github.bpipe.config.model.Resource;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Everything that was read from files and folders.
 *
 * @param resources top-level ones, in the order of reading
 */
public record ConfigTree(List<Resource> resources, List<Problem> problems) {
    private static final String SUFFIX = ".conf";

    /**
     * Reads files, and all {@code *.conf} below folders; a file that another one includes is read only there. A file in a
     * folder that begins with a directive is none of the daemons' and is left out with a note.
     */
    public static ConfigTree read(List<Path> filesAndFolders) throws Failure {
        List<ConfigParser.Parsed> all = new ArrayList<>();
        for (Path file : files(filesAndFolders)) {
            try {
                all.add(ConfigParser.parse(file));
            } catch (IOException e) {
                throw unreadable(file, e);
            }
        }
        List<Resource> resources = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        for (ConfigParser.Parsed parsed : withoutIncluded(all)) {
            if (parsed.beginsWithDirective() && !filesAndFolders.contains(parsed.file())) {
                problems.add(new Problem(Problem.Kind.NO_CONFIGURATION, new Position(parsed.file(), 1), ""));
                continue;
            }
            problems.addAll(parsed.problems());
            for (Item item : parsed.items()) {
                if (item instanceof Resource resource) {
                    resources.add(resource);
                } else {
                    problems.add(new Problem(
                            Problem.Kind.SYNTAX, item.at(), "a directive that stands outside of a resource"));
                }
            }
        }
        return new ConfigTree(resources, problems);
    }

    /** First those that nobody includes, then what is still not covered: files that include each other. */
    private static List<ConfigParser.Parsed> withoutIncluded(List<ConfigParser.Parsed> all) {
        Set<Path> included = new HashSet<>();
        all.forEach(parsed -> included.addAll(parsed.included()));
        List<ConfigParser.Parsed> kept = new ArrayList<>(all);
        kept.removeIf(parsed -> included.contains(IncludeTarget.canonical(parsed.file())));
        Set<Path> covered = new HashSet<>();
        kept.forEach(parsed -> covered.addAll(parsed.included()));
        for (ConfigParser.Parsed parsed : all) {
            Path file = IncludeTarget.canonical(parsed.file());
            if (included.contains(file) && covered.add(file)) {
                kept.add(parsed);
                covered.addAll(parsed.included());
            }
        }
        return kept;
    }

    /** The resources of this type. */
    public Stream<Resource> all(String type) {
        return resources.stream().filter(resource -> resource.is(type));
    }

    public Optional<Resource> find(String type, String name) {
        return all(type).filter(resource -> resource.name().equals(name)).findFirst();
    }

    /** What a Job says, or else the JobDefs that it builds on, and those that they build on. */
    public Optional<String> inherited(Resource job, String directive) {
        return lineage(job).stream()
                .flatMap(resource -> resource.value(directive).stream())
                .findFirst();
    }

    /** A Job, the JobDefs that it builds on, and those that they build on. */
    public List<Resource> lineage(Resource job) {
        Set<Resource> lineage = new LinkedHashSet<>();
        Optional<Resource> next = Optional.of(job);
        while (next.isPresent() && lineage.add(next.get())) {
            next = next.get().value("JobDefs").flatMap(name -> find("JobDefs", name));
        }
        return List.copyOf(lineage);
    }

    private static Set<Path> files(List<Path> filesAndFolders) throws Failure {
        Set<Path> files = new LinkedHashSet<>();
        for (Path path : filesAndFolders) {
            if (Files.isDirectory(path)) {
                try (Stream<Path> below = Files.walk(path)) {
                    below.filter(file -> file.toString().endsWith(SUFFIX) && Files.isRegularFile(file))
                            .sorted()
                            .forEach(files::add);
                } catch (IOException | java.io.UncheckedIOException e) {
                    throw unreadable(path, e);
                }
            } else {
                files.add(path);
            }
        }
        if (files.isEmpty()) {
            throw new Failure(ExitCode.USAGE, "no *" + SUFFIX + " file in " + filesAndFolders, "name a file itself");
        }
        return files;
    }

    private static Failure unreadable(Path path, Exception e) {
        return new Failure(
                ExitCode.USAGE,
                "cannot read " + path + ": " + e.getClass().getSimpleName(),
                "does it exist, and may " + System.getProperty("user.name") + " read it?",
                e);
    }
}
