package io.github.bpipe.config.model;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * {@code Type { items }}: a resource, or a block inside one.
 *
 * @param type as written
 * @param items in their order, which matters in a FileSet
 * @param at where it was read, or null
 */
public record Resource(String type, List<Item> items, Position at) implements Item {
    public Resource {
        items = List.copyOf(items);
    }

    /** A generated resource. */
    public static Resource of(String type, Item... items) {
        return new Resource(type, List.of(items), null);
    }

    public boolean is(String otherType) {
        return Item.normal(type).equals(Item.normal(otherType));
    }

    /** What its Name directive says, or the empty string. */
    public String name() {
        return value("Name").orElse("");
    }

    /** The directives of this name, in their order. */
    public Stream<Directive> directives(String name) {
        String wanted = Item.normal(name);
        return items.stream()
                .filter(Directive.class::isInstance)
                .map(Directive.class::cast)
                .filter(directive -> Item.normal(directive.name()).equals(wanted));
    }

    /** The last directive of this name, which is the one that counts. */
    public Optional<Directive> directive(String name) {
        return directives(name).reduce((first, second) -> second);
    }

    public Optional<String> value(String name) {
        return directive(name).map(Directive::value);
    }

    /** The blocks of this type directly inside, in their order. */
    public Stream<Resource> blocks(String blockType) {
        return items.stream()
                .filter(Resource.class::isInstance)
                .map(Resource.class::cast)
                .filter(block -> block.is(blockType));
    }
}
