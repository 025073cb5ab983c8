package io.github.bpipe.core.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.apache.commons.exec.ExecuteException;
import org.apache.commons.exec.ExecuteResultHandler;
import org.apache.commons.exec.ExecuteStreamHandler;

/**
 * Keeps the payload out of the hands of commons-exec, whose own pumps swallow write errors: stdin and stdout go to our
 * own threads, only stderr is drained here.
 */
final class ChildStreams implements ExecuteStreamHandler, ExecuteResultHandler {
    private final String name;
    private final CompletableFuture<Void> started = new CompletableFuture<>();
    private final CountDownLatch released = new CountDownLatch(1);
    private final BoundedText stderr = new BoundedText();
    private InputStream stdout;
    private OutputStream stdin;
    private InputStream errors;
    private Thread drain;

    ChildStreams(String name) {
        this.name = name;
    }

    @Override
    public void setProcessInputStream(OutputStream stream) {
        stdin = stream;
    }

    @Override
    public void setProcessOutputStream(InputStream stream) {
        stdout = stream;
    }

    @Override
    public void setProcessErrorStream(InputStream stream) {
        errors = stream;
    }

    @Override
    public void start() {
        drain = new Thread(this::drainStderr, name + "-stderr");
        drain.setDaemon(true);
        drain.start();
        started.complete(null);
    }

    /** Called when the program has ended; the executor closes all streams next, so it waits for the last reader. */
    @Override
    public void stop() {
        try {
            released.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void onProcessComplete(int exitValue) {
        // the status is taken from the process itself
    }

    @Override
    public void onProcessFailed(ExecuteException e) {
        started.completeExceptionally(e);
    }

    void awaitStart() throws IOException {
        try {
            started.get();
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    void awaitStderr() throws InterruptedException {
        drain.join();
    }

    void release() {
        released.countDown();
    }

    InputStream stdout() {
        return stdout;
    }

    OutputStream stdin() {
        return stdin;
    }

    String stderr() {
        return stderr.toString();
    }

    private void drainStderr() {
        byte[] buffer = new byte[4096];
        try {
            for (int n = errors.read(buffer); n >= 0; n = errors.read(buffer)) {
                stderr.append(buffer, n);
            }
        } catch (IOException e) {
            stderr.append("(stderr could not be read: " + e.getMessage() + ")");
        }
    }
}
