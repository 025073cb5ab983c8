package io.github.bpipe.writer.pick.format;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import java.io.IOException;

/** Compact JSON with each element of the outermost array on a line of its own. */
final class RowOnALine extends MinimalPrettyPrinter {
    @Override
    public void beforeArrayValues(JsonGenerator json) throws IOException {
        json.writeRaw('\n');
    }

    @Override
    public void writeArrayValueSeparator(JsonGenerator json) throws IOException {
        json.writeRaw(",\n");
    }

    @Override
    public void writeEndArray(JsonGenerator json, int rows) throws IOException {
        json.writeRaw(rows == 0 ? "]" : "\n]");
    }
}
