package io.github.bpipe.config.generate;

import io.github.bpipe.config.generate.Application.Database;
import io.github.bpipe.config.model.Resource;
import io.github.bpipe.core.error.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Makes the files of one application on one client. */
public final class Generator {
    private final Application application;
    private final String client;
    private final Dialect dialect;
    private final Method method;
    private final List<GeneratedFile> files = new ArrayList<>();

    private Generator(Application application, String client, Dialect dialect, Method method) throws Failure {
        Application.checkedName("application", application.name());
        for (Database database : application.databases()) {
            Application.checkedName("profile", database.name());
        }
        this.application = application;
        this.client = Application.checkedName("client", client);
        this.dialect = dialect;
        this.method = method;
    }

    /**
     * The files, in the order in which they are installed.
     *
     * @param newClient to create, or null when the director knows the client already
     * @throws Failure when a profile cannot be expressed
     */
    public static List<GeneratedFile> generate(
            Application application, String client, Dialect dialect, Method method, NewClient newClient)
            throws Failure {
        Generator generator = new Generator(application, client, dialect, method);
        generator.director(newClient);
        generator.fileDaemon(newClient);
        return generator.files;
    }

    /** Where the director's side of a client stands, below the folder of the configuration. */
    public static String clientFile(Dialect dialect, String client) {
        return dialect.prefix() + "-dir.d/client/" + client + ".conf";
    }

    private void director(NewClient newClient) throws Failure {
        String name = application.name();
        ClientMaker clients = new ClientMaker(client, application, dialect);
        if (newClient != null) {
            add(
                    clientFile(dialect, client),
                    clients.client(newClient.address(), newClient.password()),
                    "The client " + client + ", as the director knows it.",
                    "status client=" + client);
        }
        add(
                directorFile("fileset", name),
                new FileSetMaker(application, dialect, method).make(),
                "What is saved of " + name + ": " + method.meaning() + ".",
                "estimate job=" + name + "-backup listing");
        JobMaker jobs = new JobMaker(application, client, dialect, method);
        add(
                directorFile("job", name + "-backup"),
                jobs.backup(),
                "The backup of " + name + ".",
                "run job=" + name + "-backup level=Full yes");
        add(
                directorFile("job", name + "-restore"),
                jobs.restore(),
                "Restores " + name + " to where it came from. THE LIVE DATA IS REPLACED." + loadByHand("/"),
                restoreCommand("-restore"));
        add(
                directorFile("job", name + "-restore-copy"),
                jobs.restoreCopy(),
                "Restores " + name + " into a folder of its own, to look and to copy; the live data stays as it is."
                        + loadByHand(application.restores()),
                restoreCommand("-restore-copy"));
        if (application.drillSchedule() != null) {
            drill();
        }
    }

    private void drill() throws Failure {
        String name = application.name();
        DrillMaker drills = new DrillMaker(application, client, dialect, method);
        add(
                directorFile("schedule", name + "-drill"),
                drills.schedule(),
                "When it is proven that the newest backup of " + name + " restores.",
                "show schedule=" + name + "-drill");
        add(
                directorFile("job", name + "-drill"),
                drills.restore(),
                "Proves that a backup of " + name + " restores: into a throwaway server. Nothing live is touched.",
                "run job=" + name + "-drill-start yes");
        add(
                directorFile("job", name + "-drill-start"),
                drills.start(),
                "Starts the drill of the newest backup of " + name + ".",
                "run job=" + name + "-drill-start yes");
    }

    private String restoreCommand(String job) {
        return "restore client=" + client + " fileset=" + application.name() + " restorejob=" + application.name() + job
                + " select current all done";
    }

    private void fileDaemon(NewClient newClient) {
        ClientMaker clients = new ClientMaker(client, application, dialect);
        if (newClient != null) {
            addToClient(
                    "director/" + clients.director(),
                    clients.directorOfClient(newClient.password()),
                    "The director " + clients.director() + ", which may use this file daemon.");
            if (dialect.isBacula()) {
                addToClient("messages/Standard", clients.messages(), "What the file daemon tells the director.");
            }
        }
        if (method == Method.BPIPE || newClient != null) {
            addToClient(
                    "client/myself", clients.fileDaemon(), "The file daemon itself, with its plugin folder: bpipe.");
        }
    }

    /** A dump file is not loaded by a script: no script learns where it was restored to, or whether it was. */
    private String loadByHand(String where) {
        if (method != Method.DUMP_FILE) {
            return "";
        }
        String folder = where.equals("/") ? "" : where;
        return application.databases().stream()
                .map(database -> "\nThen load the dump: " + application.writer() + " --profile " + database.argument()
                        + (folder.isEmpty() ? "" : " --into NAME_copy") + " < " + folder + database.dumpFile())
                .collect(Collectors.joining());
    }

    private String directorFile(String kind, String name) {
        return dialect.prefix() + "-dir.d/" + kind + "/" + name + ".conf";
    }

    private void add(String path, Resource resource, String what, String console) {
        String daemon = dialect.prefix() + "-dir";
        String test =
                dialect.isBacula() ? daemon + " -t" : "su " + dialect.prefix() + " -s /bin/sh -c '" + daemon + " -t'";
        addFile(
                path,
                resource,
                what,
                "on the director",
                daemon + ".conf",
                List.of(test + " && echo reload | bconsole", "then in bconsole: " + console));
    }

    private void addToClient(String name, Resource resource, String what) {
        String daemon = dialect.prefix() + "-fd";
        addFile(
                daemon + ".d/" + name + ".conf",
                resource,
                what,
                "on the client " + client,
                daemon + ".conf",
                List.of(daemon + " -t && systemctl restart " + daemon));
    }

    private void addFile(
            String path, Resource resource, String what, String host, String mainFile, List<String> tests) {
        String profiles = application.databases().stream()
                .map(database -> database.name() + " (" + database.file() + ")")
                .collect(Collectors.joining(", "));
        List<String> comment = new ArrayList<>(what.lines().toList());
        comment.add("Made by bareos-config for " + dialect.describe() + " from the profile"
                + (application.databases().size() > 1 ? "s " : " ") + profiles + ".");
        String installed = dialect.folder() + "/" + path;
        comment.add("Install: " + host + ", as " + installed);
        if (dialect.isBacula()) {
            comment.add("         with the line @" + installed + " in " + dialect.folder() + "/" + mainFile);
        }
        comment.add("Test:    " + tests.get(0));
        tests.stream().skip(1).forEach(test -> comment.add("         " + test));
        files.add(new GeneratedFile(path, comment, resource));
    }
}
