package io.github.bpipe.dist;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.github.bpipe.core.cli.Messages;
import io.github.bpipe.core.cli.ProcessExit;
import io.github.bpipe.core.cli.Surroundings;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

/** Who may know whom. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.github.bpipe");

    private static final String STREAM = "io\\.github\\.bpipe\\.core\\.stream\\.";
    private static final String ENCODING = STREAM + "(StreamEncoder|BlockCompressor|LevelChoice|ZstdLevels)(\\$.*)?";
    private static final String DECODING = STREAM
            + "(StreamDecoder|FrameInput|ForeignInput|BlockOrder|BlockDecompressor|StoredBlock|StreamException)(\\$.*)?";

    @Test
    void theRulesSeeTheWholeProject() {
        assertThat(CLASSES.contain("io.github.bpipe.core.stream.StreamEncoder")).isTrue();
        assertThat(CLASSES.contain("io.github.bpipe.reader.ReaderMain")).isTrue();
        assertThat(CLASSES.contain("io.github.bpipe.writer.WriterMain")).isTrue();
    }

    @Test
    void encodingAndDecodingDoNotKnowEachOther() {
        noClasses()
                .that()
                .haveNameMatching(ENCODING)
                .should()
                .dependOnClassesThat()
                .haveNameMatching(DECODING)
                .check(CLASSES);
        noClasses()
                .that()
                .haveNameMatching(DECODING)
                .should()
                .dependOnClassesThat()
                .haveNameMatching(ENCODING)
                .check(CLASSES);
    }

    @Test
    void readerAndWriterDoNotKnowEachOther() {
        noClasses()
                .that()
                .resideInAPackage("io.github.bpipe.reader..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.github.bpipe.writer..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("io.github.bpipe.writer..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.github.bpipe.reader..")
                .check(CLASSES);
    }

    @Test
    void theCoreKnowsNeitherReaderNorWriter() {
        noClasses()
                .that()
                .resideInAPackage("io.github.bpipe.core..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.github.bpipe.reader..", "io.github.bpipe.writer..")
                .check(CLASSES);
    }

    @Test
    void sourcesAndTargetsDoNotKnowTheCommandLine() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "io.github.bpipe.reader.source..",
                        "io.github.bpipe.reader.encode..",
                        "io.github.bpipe.writer.target..",
                        "io.github.bpipe.core.stream..",
                        "io.github.bpipe.core.engine..",
                        "io.github.bpipe.core.process..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.github.bpipe.core.cli..", "picocli..")
                .check(CLASSES);
    }

    @Test
    void onlyMessagesWritesToStderr() {
        noClasses()
                .that()
                .doNotBelongToAnyOf(Surroundings.class)
                .should()
                .accessField(System.class, "err")
                .check(CLASSES);
        noClasses()
                .that()
                .doNotBelongToAnyOf(Messages.class)
                .should()
                .callMethod(Surroundings.class, "err")
                .check(CLASSES);
        noClasses()
                .that()
                .doNotBelongToAnyOf(Messages.class)
                .should()
                .callMethod(Throwable.class, "printStackTrace", PrintStream.class)
                .orShould()
                .callMethod(Throwable.class, "printStackTrace")
                .check(CLASSES);
    }

    @Test
    void nobodyUsesTheStdoutThatSwallowsErrors() {
        noClasses().should().accessField(System.class, "out").check(CLASSES);
    }

    @Test
    void onlyMainExits() {
        noClasses()
                .that()
                .doNotBelongToAnyOf(ProcessExit.class)
                .should()
                .callMethod(System.class, "exit", int.class)
                .check(CLASSES);
        noClasses()
                .that()
                .haveSimpleNameNotEndingWith("Main")
                .should()
                .callMethod(ProcessExit.class, "with", int.class)
                .check(CLASSES);
        classes()
                .that()
                .haveSimpleNameEndingWith("Main")
                .should()
                .resideInAnyPackage("io.github.bpipe.reader", "io.github.bpipe.writer", "io.github.bpipe.config")
                .check(CLASSES);
    }
}
