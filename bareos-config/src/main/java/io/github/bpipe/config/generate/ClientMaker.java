package io.github.bpipe.config.generate;

import io.github.bpipe.config.model.Directive;
import io.github.bpipe.config.model.Item;
import io.github.bpipe.config.model.Resource;
import java.util.ArrayList;
import java.util.List;

/** The client as the director and as its own file daemon know it. */
final class ClientMaker {
    private static final String PORT = "9102";

    private final String client;
    private final String director;
    private final Dialect dialect;
    private final String pluginDirectory;

    ClientMaker(String client, Application application, Dialect dialect) {
        this.client = client;
        this.director = Application.or(application.names().director(), dialect.director());
        this.dialect = dialect;
        this.pluginDirectory = Application.or(application.names().pluginDirectory(), dialect.pluginDirectory());
    }

    String director() {
        return director;
    }

    /** For the director. */
    Resource client(String address, String password) {
        List<Item> items = new ArrayList<>();
        items.add(Directive.of("Name", client));
        items.add(Directive.of("Address", address));
        items.add(Directive.of("Password", password));
        if (dialect.isBacula()) {
            items.add(Directive.of("Catalog", "MyCatalog"));
        }
        return new Resource("Client", items, null);
    }

    /** For the file daemon: which director may come. */
    Resource directorOfClient(String password) {
        return Resource.of("Director", Directive.of("Name", director), Directive.of("Password", password));
    }

    /** For the file daemon: itself, with the plugin. */
    Resource fileDaemon() {
        if (dialect.isBacula()) {
            return Resource.of(
                    "FileDaemon",
                    Directive.of("Name", client),
                    Directive.of("FDport", PORT),
                    Directive.of("WorkingDirectory", "/var/lib/bacula"),
                    Directive.of("Pid Directory", "/run/bacula"),
                    Directive.of("Maximum Concurrent Jobs", "20"),
                    Directive.of("Plugin Directory", pluginDirectory));
        }
        return Resource.of(
                "Client",
                Directive.of("Name", client),
                Directive.of("Maximum Concurrent Jobs", "20"),
                Directive.of("Plugin Directory", pluginDirectory),
                Directive.of("Plugin Names", "bpipe"));
    }

    /** For the file daemon of Bacula, whose package brings no such file; Bareos' does. */
    Resource messages() {
        return Resource.of(
                "Messages",
                Directive.of("Name", "Standard"),
                Directive.bare("Director", director + " = all, !skipped, !restored"));
    }
}
