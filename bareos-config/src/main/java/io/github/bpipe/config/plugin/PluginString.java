package io.github.bpipe.config.plugin;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A Plugin string as somebody wrote it, read as the plugin reads it.
 *
 * @param options by lower-case name
 * @param strays pieces between colons that belong to no option: what follows a colon inside a value
 * @param named false where file, reader and writer are told by their place, as Bacula wants it
 */
public record PluginString(Map<String, String> options, List<String> strays, boolean named) {
    public static final String FILE = "file";
    public static final String READER = "reader";
    public static final String WRITER = "writer";
    public static final String USE_SUFFIX = "usesuffix";

    private static final String PREFIX = "bpipe:";
    private static final List<String> POSITIONS = List.of(FILE, READER, WRITER);
    private static final Set<String> NAMES = Set.of(FILE, READER, WRITER, USE_SUFFIX);

    /**
     * Reads the value of a {@code Plugin} directive.
     *
     * @return nothing when it speaks to another plugin, or comes from a program
     */
    public static Optional<PluginString> parse(String value) {
        if (!value.toLowerCase(Locale.ROOT).startsWith(PREFIX)) {
            return Optional.empty();
        }
        String rest = value.substring(PREFIX.length());
        // in the named form no backslash saves a colon
        List<String> pieces = List.of(rest.split(":", -1));
        boolean named = pieces.stream().anyMatch(piece -> NAMES.contains(optionName(piece)));
        return Optional.of(named ? named(pieces) : positional(positions(rest)));
    }

    /** The option's value, or the empty string. */
    public String get(String option) {
        return options.getOrDefault(option, "");
    }

    private static PluginString named(List<String> pieces) {
        Map<String, String> options = new LinkedHashMap<>();
        List<String> strays = new ArrayList<>();
        for (String piece : pieces) {
            String name = optionName(piece);
            if (NAMES.contains(name)) {
                options.put(name, piece.substring(piece.indexOf('=') + 1).replaceAll("\\\\(.)", "$1"));
            } else {
                strays.add(piece);
            }
        }
        return new PluginString(options, strays, true);
    }

    private static PluginString positional(List<String> pieces) {
        Map<String, String> options = new LinkedHashMap<>();
        for (int i = 0; i < Math.min(pieces.size(), POSITIONS.size()); i++) {
            options.put(POSITIONS.get(i), pieces.get(i));
        }
        int known = Math.min(pieces.size(), POSITIONS.size());
        return new PluginString(options, pieces.subList(known, pieces.size()), false);
    }

    private static String optionName(String piece) {
        int equals = piece.indexOf('=');
        return equals < 0 ? "" : piece.substring(0, equals).strip().toLowerCase(Locale.ROOT);
    }

    /** Between colons; a backslash takes the next character as it is, and is dropped. */
    private static List<String> positions(String text) {
        List<String> pieces = new ArrayList<>();
        StringBuilder piece = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length()) {
                i++;
                piece.append(text.charAt(i));
            } else if (c == ':') {
                pieces.add(piece.toString());
                piece.setLength(0);
            } else {
                piece.append(c);
            }
        }
        pieces.add(piece.toString());
        return pieces;
    }
}
