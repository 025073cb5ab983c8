package io.github.bpipe.writer;

import io.github.bpipe.core.cli.Messages;
import io.github.bpipe.core.cli.Surroundings;
import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.file.StagedFile;
import io.github.bpipe.core.job.BareosJob;
import io.github.bpipe.core.job.RunFolder;
import io.github.bpipe.core.job.RunJournal;
import io.github.bpipe.core.job.RunKind;
import io.github.bpipe.core.job.RunSummary;
import io.github.bpipe.core.profile.Profile;
import io.github.bpipe.core.profile.ProfileLoader;
import io.github.bpipe.core.stream.Json;
import io.github.bpipe.writer.drill.Drill;
import io.github.bpipe.writer.drill.DrillPage;
import io.github.bpipe.writer.drill.DrillPlaces;
import io.github.bpipe.writer.drill.DrillReport;
import io.github.bpipe.writer.drill.DrillText;
import io.github.bpipe.writer.drill.EarlierDrill;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A drill with its reports; one with a profile is recorded among the profile's runs. */
final class DrillRun {
    /** Reports beside the records of a profile's runs: those of the last drill. */
    private static final String PAGE = "drill.html";

    private static final String DATA = "drill.json";

    /** Finds what a drill needs, once the profile is known. */
    interface Places {
        /** @param profile or null */
        DrillPlaces of(Profile profile) throws IOException;
    }

    private final Surroundings surroundings;
    private final Messages messages;
    private final PrintWriter out;
    private final Engine expected;
    private final Places places;

    /**
     * Does nothing yet.
     *
     * @param out gets the report for people
     * @param expected engine that the stream must come from, or null for that of the profile, or any
     */
    DrillRun(Surroundings surroundings, Messages messages, PrintWriter out, Engine expected, Places places) {
        this.surroundings = surroundings;
        this.messages = messages;
        this.out = out;
        this.expected = expected;
        this.places = places;
    }

    /**
     * Drills.
     *
     * @param profileName name or path of a profile, or null
     * @param json file for the report, or null for the usual one of the profile
     * @param html file for the page, or null for the usual one of the profile
     * @throws Failure where the backup is not proven
     */
    void run(String profileName, Path json, Path html) throws IOException {
        if (profileName == null) {
            drill(null, List.of(), json, html);
            return;
        }
        Map<String, String> environment = surroundings.environment();
        String name = ProfileLoader.name(profileName);
        new RunJournal(environment, RunKind.DRILL, name).run(BareosJob.of(environment), messages::warning, () -> {
            RunFolder folder = RunFolder.of(environment, name);
            return drill(
                    new ProfileLoader(environment).load(profileName),
                    EarlierDrill.of(folder),
                    json != null ? json : folder.file(DATA),
                    html != null ? html : folder.file(PAGE));
        });
    }

    private RunSummary drill(Profile profile, List<EarlierDrill> earlier, Path json, Path html) throws IOException {
        Engine engine = expected != null || profile == null ? expected : profile.engine();
        Drill.Outcome outcome = new Drill(engine, places.of(profile), messages)
                .run(surroundings.in(), profile == null ? null : profile.name(), earlier);
        DrillReport report = outcome.report();
        report.warnings().forEach(messages::warning);
        DrillText.lines(report).forEach(out::println);
        out.flush();
        try {
            write(json, Json.pretty(report));
            write(html, DrillPage.of(report));
        } catch (IOException e) {
            if (outcome.failure() == null) {
                throw e;
            }
            outcome.failure().addSuppressed(e);
            messages.warning("the report is not written: " + e.getMessage());
        }
        if (outcome.failure() != null) {
            throw outcome.failure();
        }
        return outcome.summary();
    }

    private static void write(Path file, String text) throws IOException {
        if (file == null) {
            return;
        }
        try (StagedFile staged = new StagedFile(file)) {
            staged.out().write(text.getBytes(StandardCharsets.UTF_8));
            staged.commit();
        }
    }
}
