package io.github.bpipe.core.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The version that the build wrote into the programs, with the commit where it knew one. */
public final class Version implements IVersionProvider {
    @Spec
    private CommandSpec command;

    /** As in the header of streams: {@code 1.2.3}. */
    public static String number() {
        try (InputStream in = Version.class.getResourceAsStream("version.properties")) {
            Properties properties = new Properties();
            properties.load(in);
            return properties.getProperty("version");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Empty where the programs were built without their repository, as from a release's tarball. */
    private static String commit() {
        try (InputStream in = Version.class.getResourceAsStream("commit")) {
            return in == null ? "" : new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String[] getVersion() {
        String commit = commit();
        String built = commit.isEmpty() ? "" : " (commit " + commit + ")";
        return new String[] {command.root().name() + " " + number() + built};
    }
}
