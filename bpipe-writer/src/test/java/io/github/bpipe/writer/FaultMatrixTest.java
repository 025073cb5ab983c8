package io.github.bpipe.writer;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.engine.Engine;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Engines x steps x faults: whatever happens to a restore, the live database is the old or the new one, whole, and the
 * next run clears up.
 */
class FaultMatrixTest {
    private static final int RANDOM_POINTS_PER_ENGINE = 100;
    private static final long SEED = 20_260_301;

    /** Longer than most steps take. */
    private static final int MOST_MILLIS = 40;

    private static final long SECONDS_TO_END = 20;

    private static final Map<String, FaultBench> BENCHES = new LinkedHashMap<>();
    private static final FaultTable TABLE = new FaultTable();

    /** One square of the matrix. */
    record Cell(String engine, FaultPoint point, Fault fault) {
        @Override
        public String toString() {
            return engine + ", " + point + ": " + fault;
        }
    }

    @TempDir
    private static Path folder;

    @AfterAll
    static void printTable() throws IOException {
        TABLE.print();
        for (FaultBench bench : BENCHES.values()) {
            bench.close();
        }
        BENCHES.clear();
    }

    /** The same few of each engine in every test run: each fault and each step at least once. */
    private static Stream<Cell> sample() throws IOException {
        List<Cell> cells = new ArrayList<>();
        Fault[] faults = Fault.values();
        for (Engine engine : List.of(Engine.MARIADB, Engine.POSTGRESQL, Engine.SQLITE)) {
            List<FaultPoint> points =
                    FaultPoint.all(engine.id(), bench(engine.id()).newStream());
            for (int i = 0; i < points.size(); i++) {
                for (int k = 0; k < faults.length; k++) {
                    boolean chosen = (i + k) % 3 == 0 || engine == Engine.SQLITE;
                    if (chosen && faults[k].possible(engine.id(), points.get(i))) {
                        cells.add(new Cell(engine.id(), points.get(i), faults[k]));
                    }
                }
            }
        }
        return cells.stream();
    }

    private static Stream<Cell> all() throws IOException {
        List<Cell> cells = new ArrayList<>();
        for (Engine engine : List.of(Engine.MARIADB, Engine.POSTGRESQL, Engine.SQLITE)) {
            for (FaultPoint point :
                    FaultPoint.all(engine.id(), bench(engine.id()).newStream())) {
                Arrays.stream(Fault.values())
                        .filter(fault -> fault.possible(engine.id(), point))
                        .forEach(fault -> cells.add(new Cell(engine.id(), point, fault)));
            }
        }
        return cells.stream();
    }

    private static Stream<Cell> random() throws IOException {
        long seed = Long.getLong("bpipe.fault.seed", SEED);
        System.out.println("random kill points, -Dbpipe.fault.seed=" + seed);
        Random random = new Random(seed);
        List<Cell> cells = new ArrayList<>();
        for (Engine engine : List.of(Engine.MARIADB, Engine.POSTGRESQL, Engine.SQLITE)) {
            int bytes = bench(engine.id()).newStream().bytes().length;
            List<String> steps = FaultPoint.steps(engine.id());
            for (int i = 0; i < RANDOM_POINTS_PER_ENGINE; i++) {
                FaultPoint point =
                        switch (i % 5) {
                            case 0 -> FaultPoint.atByte("byte", random.nextInt(bytes));
                            case 1 -> FaultPoint.afterMillis(300 + random.nextInt(2500));
                            // so that every step has its share, and what lies between it and the next one
                            default ->
                                FaultPoint.behindStep(
                                        steps.get((i / 5 * 3 + i % 5) % steps.size()), random.nextInt(MOST_MILLIS));
                        };
                cells.add(new Cell(engine.id(), point, Fault.WRITER_KILLED));
            }
        }
        return cells.stream();
    }

    @ParameterizedTest
    @MethodSource("sample")
    @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void oldOrNewAndCleanedUp(Cell cell) throws Exception {
        meet(cell);
    }

    @Tag("nightly")
    @ParameterizedTest
    @MethodSource("all")
    @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void everyFaultAtEveryStep(Cell cell) throws Exception {
        meet(cell);
    }

    @Tag("nightly")
    @ParameterizedTest
    @MethodSource("random")
    @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void killedAnywhere(Cell cell) throws Exception {
        meet(cell);
    }

    private static void meet(Cell cell) throws Exception {
        FaultBench bench = bench(cell.engine());
        try {
            meet(bench, cell);
        } catch (Exception | AssertionError e) {
            bench.reset();
            throw e;
        }
    }

    private static void meet(FaultBench bench, Cell cell) throws Exception {
        FaultedWriter.Outcome outcome = run(bench, cell.point(), cell.fault());
        bench.disk.empty();
        bench.revive();
        awaitNoClients(bench);
        String live = bench.whichRows();
        if (outcome.restored() || cell.point().beforeSwitch()) {
            // a server that comes back before it is needed does no harm
            assertThat(live).as(outcome.said()).isEqualTo(outcome.restored() ? "new" : "old");
        }
        if (cell.fault() == Fault.DISK_FULL && !outcome.restored()) {
            assertThat(outcome.said()).contains("hint: make room");
        }

        List<String> recovered = new ArrayList<>();
        FaultedWriter.Outcome next = FaultedWriter.restore(
                bench.connection(),
                bench.database(),
                false,
                new ByteArrayInputStream(bench.oldStream().bytes()),
                step -> {
                    if (step.equals(FaultyTarget.PREPARED)) {
                        recovered.add(whichContent(bench));
                    }
                });
        TABLE.add(cell.engine(), cell.point(), cell.fault(), live, outcome.said(), next.said());
        assertThat(next.restored()).as(next.said()).isTrue();
        assertThat(recovered).as("live when the next run has recovered").hasSize(1);
        assertThat(bench.whichContent()).isEqualTo("old");
        assertThat(bench.discard())
                .as("a former database is kept")
                .isEqualTo(recovered.get(0).equals("new"));
        assertThat(bench.around()).containsExactly(bench.liveName());
        awaitNoClients(bench);
    }

    private static FaultedWriter.Outcome run(FaultBench bench, FaultPoint point, Fault fault) throws Exception {
        byte[] bytes = bench.newStream().bytes().clone();
        switch (fault) {
            case WRITER_KILLED -> {
                return runAndKill(bench, point);
            }
            case INPUT_CUT -> bytes = Arrays.copyOf(bytes, (int) point.offset());
            case INPUT_FLIPPED -> bytes[(int) point.offset()] ^= 1;
            default -> {}
        }
        Runnable strike = () -> strike(bench, fault);
        return FaultedWriter.restore(
                bench.connection(),
                bench.database(),
                true,
                new FaultInput(new ByteArrayInputStream(bytes), point.offset(), strike),
                step -> {
                    if (step.equals(point.step())) {
                        strike.run();
                    }
                });
    }

    private static void strike(FaultBench bench, Fault fault) {
        switch (fault) {
            case CLIENT_KILLED -> {
                List<ProcessHandle> clients = bench.clients();
                assertThat(clients).isNotEmpty();
                clients.forEach(ProcessHandle::destroyForcibly);
                clients.forEach(client -> client.onExit().join());
            }
            case SERVER_KILLED -> bench.killServer();
            case DISK_FULL -> bench.disk.fill();
            case CONNECTION_LOST -> bench.loseConnections();
            default -> {}
        }
    }

    private static FaultedWriter.Outcome runAndKill(FaultBench bench, FaultPoint point) throws Exception {
        Path stream = folder.resolve(bench.engine());
        Files.write(stream, bench.newStream().bytes());
        Process writer = FaultedWriter.start(bench.connection(), bench.database(), stream, point);
        if (point.step() == null && point.millis() >= 0 && !writer.waitFor(point.millis(), TimeUnit.MILLISECONDS)) {
            writer.destroyForcibly();
        }
        int status = writer.waitFor();
        boolean restored = status == 0;
        if (point.millis() < 0) {
            assertThat(status).isEqualTo(FaultedWriter.KILLED);
        }
        return new FaultedWriter.Outcome(restored, restored ? "restored" : "killed");
    }

    private static void awaitNoClients(FaultBench bench) throws Exception {
        for (ProcessHandle client : bench.clients()) {
            client.onExit().get(SECONDS_TO_END, TimeUnit.SECONDS);
        }
        assertThat(bench.clients()).isEmpty();
    }

    private static String whichContent(FaultBench bench) {
        try {
            return bench.whichContent();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static synchronized FaultBench bench(String engine) throws IOException {
        FaultBench bench = BENCHES.get(engine);
        if (bench == null) {
            bench = switch (engine) {
                case "mariadb" -> new MariaDbFaultBench();
                case "postgresql" -> new PostgresFaultBench();
                default -> new SqliteFaultBench();
            };
            bench.begin();
            BENCHES.put(engine, bench);
        }
        return bench;
    }
}
