package io.github.bpipe.config.generate;

import io.github.bpipe.config.parse.ConfigTree;
import io.github.bpipe.core.error.Failure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A client that the director does not know yet. */
public record NewClient(String address, String password) {
    /**
     * With a random password, or with that of the file, so that generating twice gives the same.
     *
     * @param present the director's file of this client, which need not exist; or null
     */
    public static NewClient at(String address, Path present) throws Failure {
        if (present != null && Files.exists(present)) {
            String password = ConfigTree.read(List.of(present))
                    .all("Client")
                    .flatMap(client -> client.value("Password").stream())
                    .findFirst()
                    .orElseGet(Passwords::random);
            return new NewClient(address, password);
        }
        return new NewClient(address, Passwords.random());
    }
}
