package io.github.bpipe.core.cli;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.util.concurrent.TimeUnit;

/**
 * A program that exits in the moment between the last hook after a signal and the end that the signal brings. It holds
 * that end back by the lock that it takes; an exit which waits for it is ended by SIGKILL.
 */
final class LateExit {
    static final int STATUS = 40;

    private LateExit() {}

    public static void main(String[] args) throws Throwable {
        MethodHandle hooksHaveRun = MethodHandles.lookup()
                .findStatic(Class.forName("jdk.internal.misc.VM"), "isShutdown", MethodType.methodType(boolean.class));
        Field end = Class.forName("java.lang.Shutdown").getDeclaredField("haltLock");
        end.setAccessible(true);
        synchronized (end.get(null)) {
            signal("TERM");
            while (!(boolean) hooksHaveRun.invokeExact()) {
                Thread.onSpinWait();
            }
            killWhenWaiting(Thread.currentThread());
            ProcessExit.with(STATUS);
        }
    }

    private static void killWhenWaiting(Thread exiting) {
        new Thread(() -> {
                    while (exiting.getState() != Thread.State.WAITING) {
                        Thread.onSpinWait();
                    }
                    signal("KILL");
                })
                .start();
    }

    private static void signal(String name) {
        try {
            new ProcessBuilder(
                            "kill",
                            "-" + name,
                            String.valueOf(ProcessHandle.current().pid()))
                    .start()
                    .waitFor(1, TimeUnit.SECONDS);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
