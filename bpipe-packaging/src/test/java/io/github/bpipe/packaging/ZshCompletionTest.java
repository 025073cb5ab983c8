package io.github.bpipe.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

class ZshCompletionTest {
    private static String completion(OptionSpec option) {
        return new ZshCompletion(CommandSpec.create().name("tool").addOption(option)).text();
    }

    @Test
    void aDescriptionCannotEndItsOwnQuotesOrBrackets() {
        assertThat(completion(
                        OptionSpec.builder("--a").description("it's [b]: 100%%").build()))
                .contains("'--a[it'\\''s \\[b\\]\\: 100%]'");
    }

    @Test
    void whatAnOptionTakesIsOffered() {
        assertThat(completion(OptionSpec.builder("--mode")
                        .arity("1")
                        .paramLabel("staged|in-place")
                        .build()))
                .contains(":staged|in-place:(staged in-place)'");
        assertThat(completion(OptionSpec.builder("--output")
                        .type(Path.class)
                        .arity("1")
                        .paramLabel("O")
                        .build()))
                .contains(":O:_files'");
        assertThat(completion(OptionSpec.builder("--secret").hidden(true).build()))
                .doesNotContain("secret");
    }
}
