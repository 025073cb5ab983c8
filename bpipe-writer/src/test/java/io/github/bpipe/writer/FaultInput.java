package io.github.bpipe.writer;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** An input at one of whose bytes (none: -1) something happens, before that byte is handed out. */
final class FaultInput extends FilterInputStream {
    private final long at;
    private final Runnable fault;
    private long given;
    private boolean done;

    FaultInput(InputStream in, long at, Runnable fault) {
        super(in);
        this.at = at;
        this.fault = fault;
        this.done = at < 0;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int from, int length) throws IOException {
        if (!done && given == at) {
            done = true;
            fault.run();
        }
        int most = done ? length : (int) Math.min(length, at - given);
        int count = super.read(buffer, from, most);
        given += Math.max(0, count);
        return count;
    }
}
