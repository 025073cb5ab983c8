package io.github.bpipe.reader;

import io.github.bpipe.core.cli.ProcessExit;
import io.github.bpipe.core.cli.Surroundings;
import io.github.bpipe.core.stream.Header;
import io.github.bpipe.core.stream.Json;
import io.github.bpipe.core.stream.Trailer;
import picocli.CommandLine.Model.CommandSpec;

/** The executable {@code bpipe-reader}. */
public final class ReaderMain {
    private ReaderMain() {}

    public static void main(String[] args) {
        // nearly every run is a dump, and the second core has nothing to do yet
        Thread json = new Thread(() -> Json.prepare(Header.class, Trailer.class), "json");
        json.setDaemon(true);
        json.start();
        ProcessExit.with(ReaderCommand.run(Surroundings.ofProcess(), args));
    }

    /** What {@code --help} is printed from, for manuals and completions. */
    public static CommandSpec definition() {
        return ReaderCommand.program(Surroundings.ofProcess()).definition();
    }
}
