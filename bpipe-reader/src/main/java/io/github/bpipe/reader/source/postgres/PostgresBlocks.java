package io.github.bpipe.reader.source.postgres;

import io.github.bpipe.core.engine.PostgresObjects;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.stream.Phase;
import io.github.bpipe.reader.encode.BlockBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Turns the three sections of a dump into blocks.
 *
 * <ul>
 *   <li>{@code setup}: the session settings, which pg_dump prints at the head of each section, once.
 *   <li>{@code schema}: the section pre-data in its order, for one session.
 *   <li>{@code data}: see {@link PostgresData}.
 *   <li>{@code finish}: the section post-data. A block with an object makes indexes and key constraints of that table
 *       only, and may be loaded beside its neighbours that have an object too; one without is loaded alone, after
 *       everything before it.
 * </ul>
 *
 * <p>{@code \restrict} and {@code \}{@code unrestrict} stand around the whole script, each in a block of its own whose
 * object is {@value PostgresObjects#RESTRICT}: who loads with a key of his own leaves these two blocks out.
 */
final class PostgresBlocks {
    private static final String END_MARK = "-- PostgreSQL database dump complete";
    /** Makes a string of bytes, and the same bytes of the string. */
    private static final Charset AS_BYTES = StandardCharsets.ISO_8859_1;

    private static final byte[] LINE_END = {'\n'};
    private static final byte[] NOTHING = {};

    /** The settings that change between entries; each statement needs the last one before it. */
    private static final List<String> PASSING_SETTINGS = List.of("default_tablespace", "default_table_access_method");

    private final BlockBuilder builder;
    private final PostgresData data;
    private final Charset charset;
    private final List<String> setup = new ArrayList<>();
    private String unrestrict;
    private boolean standardStrings = true;

    PostgresBlocks(BlockBuilder builder, PostgresData data, Charset charset) {
        this.builder = builder;
        this.data = data;
        this.charset = charset;
    }

    /**
     * Takes the section pre-data, which makes the setup too.
     *
     * @param preamble comments for the top of the script
     */
    void preData(InputStream in, String preamble) throws IOException {
        new Section(in, Phase.SCHEMA).run(preamble);
    }

    void data(InputStream in) throws IOException {
        new Section(in, Phase.DATA).run(null);
    }

    void postData(InputStream in) throws IOException {
        new Section(in, Phase.FINISH).run(null);
        if (unrestrict != null) {
            builder.section(Phase.FINISH, PostgresObjects.RESTRICT);
            unit(unrestrict);
        }
        builder.flush();
    }

    private void unit(String text) throws IOException {
        byte[] bytes = text.getBytes(charset);
        builder.append(bytes, 0, bytes.length);
        builder.endUnit(0);
    }

    /** One run of pg_dump: head, entries, end mark. */
    private final class Section {
        private final PostgresScript script;
        private final Phase phase;
        private final PostgresIndexes indexes = new PostgresIndexes();
        private final Map<String, String> passing = new TreeMap<>();
        private boolean inHead = true;
        private boolean restricted;
        private boolean ended;
        private boolean asAnother;
        private String object;
        private String prefix;

        Section(InputStream in, Phase phase) {
            this.script = new PostgresScript(in, charset);
            this.phase = phase;
        }

        void run(String preamble) throws IOException {
            script.setStandardStrings(standardStrings);
            String pendingPreamble = preamble;
            String endComments = "";
            while (script.next()) {
                if (ended) {
                    throw unexpected("a statement after the end");
                }
                List<String> words = script.words();
                if (words.get(0).equals("\\")) {
                    if (backslash(words)) {
                        endComments = script.comments();
                    }
                    continue;
                }
                if (pendingPreamble != null) {
                    builder.section(Phase.SETUP, null);
                    unit(pendingPreamble);
                    pendingPreamble = null;
                }
                inHead = inHead && isSetup(words);
                if (inHead) {
                    setup(words, script.text());
                } else {
                    entry(words);
                }
            }
            endComments += script.comments();
            if (endComments.lines().noneMatch(END_MARK::equals) || restricted != ended) {
                throw unexpected("no end mark");
            }
            leaveEntries();
        }

        /** Takes {@code \restrict} at the beginning or {@code \}{@code unrestrict} at the end; true for the latter. */
        private boolean backslash(List<String> words) throws IOException {
            String command = words.get(1);
            if (command.equals("restrict") && inHead) {
                restricted = true;
                if (phase == Phase.SCHEMA) {
                    builder.section(Phase.SETUP, PostgresObjects.RESTRICT);
                    unit(script.text());
                    unrestrict = script.text().replace("\\restrict", "\\unrestrict");
                }
                return false;
            }
            if (!command.equals("unrestrict")) {
                throw unexpected("the command \\" + command);
            }
            ended = true;
            return true;
        }

        private boolean isSetup(List<String> words) {
            boolean set = words.get(0).equals("SET") && !PASSING_SETTINGS.contains(words.get(1));
            return set || (words.get(0).equals("SELECT") && words.get(1).equals("pg_catalog.set_config"));
        }

        private void setup(List<String> words, String statement) throws IOException {
            if (words.get(1).equals("standard_conforming_strings")) {
                standardStrings = words.contains("on");
                script.setStandardStrings(standardStrings);
            }
            if (phase == Phase.SCHEMA) {
                setup.add(statement);
                unit(statement + "\n");
            } else if (!setup.contains(statement)) {
                throw unexpected("another setting than before: " + statement);
            }
        }

        private void entry(List<String> words) throws IOException {
            if (words.get(0).equals("SET") && PASSING_SETTINGS.contains(words.get(1))) {
                passing.put(words.get(1), new String(script.line(), AS_BYTES));
            } else if (phase == Phase.DATA) {
                data.statement(script, words);
            } else {
                enterEntry(phase == Phase.FINISH ? indexes.table(words) : null);
                statement(words);
            }
        }

        /** Begins a section of blocks where something differs; passing settings are repeated in each block. */
        private void enterEntry(String newObject) throws IOException {
            String newPrefix = String.join("", passing.values());
            if (!newPrefix.equals(prefix) || !Objects.equals(object, newObject)) {
                prefix = newPrefix;
                object = newObject;
                builder.section(phase, object, prefix.getBytes(AS_BYTES), NOTHING);
            }
        }

        private void statement(List<String> words) throws IOException {
            comments();
            piece();
            while (!script.isWhole() && script.next()) {
                piece();
            }
            builder.append(LINE_END, 0, 1);
            // what runs under another role's name cannot be torn from the statement that takes the name
            asAnother = isNameChange(words) ? words.get(0).equals("SET") : asAnother;
            if (!asAnother) {
                builder.endUnit(0);
            }
        }

        /** Keeps pg_dump's headings, which are for whoever reads the script. */
        private void comments() throws IOException {
            int from = script.from();
            while (from < script.token() && Character.isWhitespace(script.bytes()[from])) {
                from++;
            }
            if (from < script.token()) {
                builder.append(LINE_END, 0, 1);
                builder.append(script.bytes(), from, script.token() - from);
            }
        }

        private void piece() throws IOException {
            builder.append(script.bytes(), script.token(), script.to() - script.token());
        }

        private boolean isNameChange(List<String> words) {
            return words.size() > 2
                    && words.get(1).equalsIgnoreCase("SESSION")
                    && words.get(2).equalsIgnoreCase("AUTHORIZATION");
        }

        private void leaveEntries() throws IOException {
            if (asAnother) {
                throw unexpected("SET SESSION AUTHORIZATION without its end");
            }
            data.end();
            builder.flush();
        }
    }

    private static Failure unexpected(String what) {
        return new Failure(
                ExitCode.DUMP_FAILED,
                "pg_dump printed what it never should: " + what,
                "use the pg_dump of the server's own version (--clients names its folder), and report this");
    }
}
