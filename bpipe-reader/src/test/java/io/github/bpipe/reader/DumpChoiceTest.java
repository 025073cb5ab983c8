package io.github.bpipe.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.profile.ProfileLoader;
import io.github.bpipe.core.stream.StreamEncoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DumpChoiceTest {
    @TempDir
    private Path folder;

    @Test
    void theContentDecidesTheLevelUnlessTheProfileDoes() throws IOException {
        assertThat(options("").level()).isEqualTo(StreamEncoder.LEVEL_BY_CONTENT);
        assertThat(options("dump: {level: 3}\n").level()).isEqualTo(3);
        assertThatThrownBy(() -> options("dump: {level: 0}\n"))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("level");
    }

    private DumpOptions options(String more) throws IOException {
        Path profile = Files.writeString(folder.resolve("app.yaml"), "engine: sqlite\ndatabase: /srv/app.db\n" + more);
        return DumpChoice.of(new ProfileLoader(Map.of()).load(profile.toString()));
    }
}
