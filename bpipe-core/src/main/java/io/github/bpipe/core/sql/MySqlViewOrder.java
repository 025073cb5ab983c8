package io.github.bpipe.core.sql;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An order for views in which each one stands behind those it selects from: a view WITH CHECK OPTION is refused while
 * only a placeholder stands for one of them.
 *
 * <p>Every name in a definition that is also the name of a view counts; where such a name means a column, the order is
 * stricter than needed, and never wrong.
 */
public final class MySqlViewOrder {
    private final Map<String, byte[]> definitions;
    private final Set<String> ordered = new LinkedHashSet<>();
    private final Set<String> visited = new LinkedHashSet<>();

    private MySqlViewOrder(Map<String, byte[]> definitions) {
        this.definitions = definitions;
    }

    /**
     * The names in that order.
     *
     * @param definitions of the views by name: whole statements or their SELECT alone, in UTF-8
     */
    public static List<String> of(Map<String, byte[]> definitions) {
        MySqlViewOrder order = new MySqlViewOrder(definitions);
        definitions.keySet().forEach(order::visit);
        return List.copyOf(order.ordered);
    }

    private void visit(String view) {
        if (!visited.add(view)) {
            return;
        }
        for (SqlToken token : MySqlTokenizer.tokens(definitions.get(view))) {
            if (token.kind() == SqlToken.Kind.NAME && definitions.containsKey(token.text())) {
                visit(token.text());
            }
        }
        ordered.add(view);
    }
}
