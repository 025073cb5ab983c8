package io.github.bpipe.reader.source.mariadb;

import io.github.bpipe.core.sql.MySqlViewOrder;
import io.github.bpipe.reader.encode.BlockBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The final definitions of the views, brought into an order in which each one stands behind those it selects from. The
 * dump has them in alphabetical order, over placeholders; a view WITH CHECK OPTION over a placeholder is refused.
 */
final class MariaDbViews {
    private final Map<String, ByteArrayOutputStream> definitions = new LinkedHashMap<>();

    /** Where the statements of that view go. */
    ByteArrayOutputStream definition(String view) {
        return definitions.computeIfAbsent(view, name -> new ByteArrayOutputStream());
    }

    void release(BlockBuilder blocks) throws IOException {
        Map<String, byte[]> texts = new LinkedHashMap<>();
        definitions.forEach((view, definition) -> texts.put(view, definition.toByteArray()));
        for (String view : MySqlViewOrder.of(texts)) {
            byte[] text = texts.get(view);
            blocks.append(text, 0, text.length);
            blocks.endUnit(0);
        }
    }
}
