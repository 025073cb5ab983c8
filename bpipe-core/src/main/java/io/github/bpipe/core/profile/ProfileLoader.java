package io.github.bpipe.core.profile;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.file.TrustedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Finds and reads profiles; what is wrong in one is said with file, line and the nearest valid key. */
public final class ProfileLoader {
    /** The environment variable that moves the folder of profiles. */
    public static final String FOLDER_VARIABLE = "BPIPE_CONFIG_DIR";

    /** The folder of profiles where the environment names no other. */
    public static final Path DEFAULT_FOLDER = Path.of("/etc/bpipe");

    private static final String SUFFIX = ".yaml";
    private static final Pattern SECRET_KEY = Pattern.compile("(?i).*(password|passwd|secret|token).*");

    private static final YAMLMapper MAPPER = YAMLMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .disable(com.fasterxml.jackson.databind.MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .build();

    private final Path folder;

    /**
     * Looks in the folder that the environment names.
     *
     * @param environment variables of the process
     */
    public ProfileLoader(Map<String, String> environment) {
        String moved = environment.getOrDefault(FOLDER_VARIABLE, "");
        this.folder = moved.isBlank() ? DEFAULT_FOLDER : Path.of(moved);
    }

    /**
     * Reads a profile.
     *
     * @param nameOrPath a name, looked up as {@code NAME.yaml} in the folder, or a path with a slash or {@code .yaml}
     */
    public Profile load(String nameOrPath) throws Failure {
        Path file = file(nameOrPath);
        if (!Files.isRegularFile(file)) {
            throw wrong("no profile " + file, "write one, or name another with --profile NAME or --profile /path");
        }
        TrustedFile.require(file, "profile", System.getProperty("user.name"));
        Profile profile = parse(file);
        if (profile == null || profile.engine() == null || profile.database() == null) {
            throw wrong("profile " + file + " names no engine or no database", "add the keys engine: and database:");
        }
        return profile.named(name(nameOrPath));
    }

    /** The file that {@link #load} reads for this name or path, whether it exists or not. */
    public Path file(String nameOrPath) {
        boolean path = nameOrPath.contains("/") || nameOrPath.endsWith(SUFFIX);
        return path ? Path.of(nameOrPath) : folder.resolve(nameOrPath + SUFFIX);
    }

    /** The name of the profile that {@link #load} reads for this name or path, whether it exists or not. */
    public static String name(String nameOrPath) {
        String fileName = nameOrPath.substring(nameOrPath.lastIndexOf('/') + 1);
        return fileName.endsWith(SUFFIX) ? fileName.substring(0, fileName.length() - SUFFIX.length()) : fileName;
    }

    private static Profile parse(Path file) throws Failure {
        try {
            boolean empty = MAPPER.readTree(file.toFile()).isMissingNode();
            return empty ? null : MAPPER.readValue(file.toFile(), Profile.class);
        } catch (UnrecognizedPropertyException e) {
            String key = e.getPropertyName();
            String hint = SECRET_KEY.matcher(key).matches()
                    ? "secrets do not belong into a profile: name a file with optionFile"
                    : "did you mean " + nearest(key, e) + "?";
            throw wrong(at(file, keyLocation(file, e)) + ": unknown key " + key, hint);
        } catch (ValueInstantiationException e) {
            throw wrong(at(file, e.getLocation()) + ": " + e.getCause().getMessage(), "correct that line");
        } catch (MismatchedInputException e) {
            if (e.getOriginalMessage().startsWith("Trailing token")) {
                throw wrong(at(file, e.getLocation()) + ": a second document", "keep one profile in one file");
            }
            String type = e.getTargetType() == null ? "" : ", which takes " + typeName(e.getTargetType());
            throw wrong(at(file, e.getLocation()) + ": wrong value for " + key(e) + type, "correct that line");
        } catch (JsonProcessingException e) {
            throw wrong(at(file, e.getLocation()) + ": " + firstLine(e.getOriginalMessage()), "correct that line");
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static String nearest(String key, UnrecognizedPropertyException e) {
        LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
        return e.getKnownPropertyIds().stream()
                .map(String::valueOf)
                .min(Comparator.comparingInt(known -> distance.apply(key, known)))
                .orElse("nothing");
    }

    private static String key(JsonMappingException e) {
        StringBuilder key = new StringBuilder();
        for (JsonMappingException.Reference reference : e.getPath()) {
            if (reference.getFieldName() != null) {
                key.append(key.length() == 0 ? "" : ".").append(reference.getFieldName());
            }
        }
        return key.length() == 0 ? "the profile" : key.toString();
    }

    private static String typeName(Class<?> type) {
        if (type == Integer.class) {
            return "a whole number";
        }
        if (type == Boolean.class) {
            return "true or false";
        }
        if (type.isEnum()) {
            List<String> words = MAPPER.convertValue(type.getEnumConstants(), new TypeReference<>() {});
            return String.join(" or ", words);
        }
        if (Iterable.class.isAssignableFrom(type)) {
            return "a list";
        }
        return type == String.class || type == Path.class ? "a text" : "more keys below it";
    }

    /** Where the key stands; the exception's own location is that of the end of what holds it. */
    private static JsonLocation keyLocation(Path file, UnrecognizedPropertyException e) throws Failure {
        List<String> path = e.getPath().stream()
                .map(JsonMappingException.Reference::getFieldName)
                .toList();
        try (JsonParser parser = MAPPER.createParser(file.toFile())) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.FIELD_NAME
                        && keys(parser.getParsingContext()).equals(path)) {
                    return parser.currentTokenLocation();
                }
            }
            return e.getLocation();
        } catch (IOException again) {
            throw unreadable(file, again);
        }
    }

    private static List<String> keys(JsonStreamContext context) {
        List<String> keys = new ArrayList<>();
        for (JsonStreamContext each = context; each.getParent() != null; each = each.getParent()) {
            keys.add(each.getCurrentName());
        }
        Collections.reverse(keys);
        return keys;
    }

    private static Failure unreadable(Path file, IOException e) {
        return wrong("cannot read profile " + file + ": " + e.getMessage(), "look at its mode and owner");
    }

    private static String at(Path file, JsonLocation location) {
        return location == null ? file.toString() : file + ":" + location.getLineNr();
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse(text);
    }

    private static Failure wrong(String message, String hint) {
        return new Failure(ExitCode.USAGE, message, hint);
    }
}
