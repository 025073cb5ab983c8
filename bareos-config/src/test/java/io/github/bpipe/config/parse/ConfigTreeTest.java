package io.github.bpipe.config.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.bpipe.config.model.Directive;
import io.github.bpipe.config.model.Resource;
import io.github.bpipe.config.model.ResourcePrinter;
import io.github.bpipe.config.parse.Problem.Kind;
import io.github.bpipe.core.error.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigTreeTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiterString = "=>",
            value = {
                "Name = a => a",
                "N a M e=a => a",
                "Name = \"a # b; {c} = d\" => a # b; {c} = d",
                "Name = \"a\\\\b \\\"c\\\"\" # comment => a\\b \"c\"",
                "Name = a; Other = b => a",
                "Name = a } => a",
                "Name = 30 days # comment => 30 days",
                "Name = 1.5 G => 1.5 G",
                "Name = Level=Full sun at 23:05 => Level=Full sun at 23:05",
                "Name = all, !skipped => all, !skipped",
                "Name = \"a\", \"b c\" => a, b c",
                "Name = a; Name = b => b",
            })
    void readsAValue(String line, String value) throws IOException {
        assertThat(one("Job {\n" + line + "\n}\n").name()).isEqualTo(value);
    }

    @Test
    void joinsQuotedStringsOnFollowingLinesAndDropsLineBreaksInsideQuotes() throws IOException {
        Resource job = one("Job {\n  Name = \"a:\"\n\n    # why\n    \"b:\"\n    \"c\"\n  X = \"d\ne\"\n}\n");
        assertThat(job.name()).isEqualTo("a:b:c");
        assertThat(job.value("x")).contains("de");
        assertThat(job.directive("x").orElseThrow().at().line()).isEqualTo(7);
    }

    @Test
    void readsNestedBlocksInAnyLayoutWithTheirLines() throws IOException {
        Resource fileSet = one("\uFEFF" + """
                # head
                File Set
                { Name = a
                 Include { Options { Signature=MD5; compression = GZIP }
                  File = /a; File = "/b c"
                 }
                }
                """);
        assertThat(fileSet.is("fileset")).isTrue();
        assertThat(fileSet.at().line()).isEqualTo(2);
        Resource include = fileSet.blocks("include").findFirst().orElseThrow();
        assertThat(include.directives("file").map(Directive::value)).containsExactly("/a", "/b c");
        Resource options = include.blocks("OPTIONS").findFirst().orElseThrow();
        assertThat(options.value("Compression")).contains("GZIP");
        assertThat(options.at().line()).isEqualTo(4);
    }

    @Test
    void followsIncludesEverywhereRelativeAndAbsoluteAndByPattern() throws IOException {
        write("sub/one.inc", "Job { Name = one }\n");
        write("sub/two.inc", "Job { Name = two }\n");
        write("name.inc", "Name = three\n");
        Path main = write("main.conf", "@sub/*.inc\nJob {\n @\"" + folder + "/name.inc\"\n Type = Backup }\n");
        ConfigTree tree = ConfigTree.read(List.of(main));
        assertThat(tree.problems()).isEmpty();
        assertThat(tree.all("Job").map(Resource::name)).containsExactly("one", "two", "three");
        assertThat(tree.find("Job", "two").orElseThrow().at()).hasToString(folder.resolve("sub/two.inc") + ":1");
    }

    @Test
    void aFolderIsReadOnceWithWhatItsFilesInclude() throws IOException {
        write("a/x.conf", "Job { Name = x }\n");
        write("b.conf", "@a/x.conf\n");
        write("ignored.txt", "nonsense");
        assertThat(ConfigTree.read(List.of(folder)).all("Job")).hasSize(1);
    }

    @Test
    void aFileThatIsNoConfigurationIsLeftOutOfAFolderWithANoteButNotWhenItIsNamed() throws IOException {
        write("job.conf", "Job { Name = x }\n");
        Path script = write("script.conf", "a=b\nf() { c=d }\nif true\n");
        assertThat(ConfigTree.read(List.of(folder)).problems())
                .extracting(Problem::kind)
                .containsExactly(Kind.NO_CONFIGURATION);
        assertThat(ConfigTree.read(List.of(folder)).resources()).hasSize(1);
        assertThat(ConfigTree.read(List.of(folder, script)).problems())
                .extracting(Problem::kind)
                .containsExactly(Kind.SYNTAX, Kind.SYNTAX);
        write("job.conf", "Job { Name = x }\n@script.conf\n");
        assertThat(ConfigTree.read(List.of(folder)).problems())
                .extracting(Problem::kind)
                .doesNotContain(Kind.NO_CONFIGURATION);
    }

    @Test
    void filesThatIncludeEachOtherAreReportedAndRead() throws IOException {
        write("a.conf", "@b.conf\nJob { Name = a }\n");
        write("b.conf", "@a.conf\nJob { Name = b }\n");
        ConfigTree tree = ConfigTree.read(List.of(folder));
        assertThat(tree.problems()).extracting(Problem::kind).containsExactly(Kind.INCLUDE_CYCLE);
        assertThat(tree.all("Job").map(Resource::name)).containsExactlyInAnyOrder("a", "b");
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = "=>",
            value = {
                "@/no/such/file => INCLUDE_MISSING => 1",
                "@|\"/bin/echo x\" => INCLUDE_COMMAND => 1",
                "@\"|/bin/echo x\" => INCLUDE_COMMAND => 1",
                "Job { Name = a => SYNTAX => 1",
                "Job { \\n Name = \"a \\n } => SYNTAX => 2",
                "Job { \\n nonsense \\n } => SYNTAX => 2",
                "} => SYNTAX => 1",
                "Name = a => SYNTAX => 1",
                "Job { \\n = a \\n } => SYNTAX => 2",
            })
    void saysWhereItCannotFollow(String text, Kind kind, int line) throws IOException {
        Path file = write("x.conf", text.replace("\\n", "\n") + "\n");
        assertThat(ConfigTree.read(List.of(file)).problems())
                .first()
                .satisfies(problem -> assertThat(problem.kind()).isEqualTo(kind))
                .satisfies(problem -> assertThat(problem.at().line()).isEqualTo(line));
    }

    @Test
    void goesOnBehindAnError() throws IOException {
        Path file = write("x.conf", "Job {\n nonsense here\n Name = a\n}\nJob { Name = b }\n");
        assertThat(ConfigTree.read(List.of(file)).all("Job").map(Resource::name))
                .containsExactly("a", "b");
    }

    @Test
    void whatThePrinterWritesIsReadBack() throws IOException {
        String awkward = "a\\b \"c\" # ; { } = %w 'd' ä";
        Resource printed = Resource.of(
                "Job",
                Directive.of("Name", awkward),
                Directive.bare("Director", "a = all, !skipped"),
                Resource.of("Run Script", Directive.of("Runs When", "After"), Directive.of("Empty", "")));
        Resource read = one(ResourcePrinter.print(printed));
        assertThat(read.name()).isEqualTo(awkward);
        assertThat(read.value("director")).contains("a = all, !skipped");
        Resource script = read.blocks("RunScript").findFirst().orElseThrow();
        assertThat(script.value("runs when")).contains("After");
        assertThat(script.value("empty")).contains("");
        assertThatThrownBy(() -> ResourcePrinter.quoted("a\nb")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void jobDefsAreInheritedThroughSeveralAndACycleEnds() throws IOException {
        Path file = write("x.conf", """
                Job { Name = j; JobDefs = a; Type = Backup }
                JobDefs { Name = a; JobDefs = b; Type = Restore }
                JobDefs { Name = b; JobDefs = a; Where = /w }
                """);
        ConfigTree tree = ConfigTree.read(List.of(file));
        Resource job = tree.find("Job", "j").orElseThrow();
        assertThat(tree.inherited(job, "Type")).contains("Backup");
        assertThat(tree.inherited(job, "Where")).contains("/w");
        assertThat(tree.inherited(job, "Pool")).isEmpty();
    }

    @Test
    void aPathThatDoesNotExistIsAFailure() {
        assertThatThrownBy(() -> ConfigTree.read(List.of(folder.resolve("none"))))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("cannot read");
        assertThatThrownBy(() -> ConfigTree.read(List.of(folder))).hasMessageContaining("no *.conf file");
    }

    private Resource one(String text) throws IOException {
        ConfigTree tree = ConfigTree.read(List.of(write("x.conf", text)));
        assertThat(tree.problems()).allSatisfy(problem -> assertThat(text).contains("Name = a }"));
        return tree.resources().get(0);
    }

    private Path write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }
}
