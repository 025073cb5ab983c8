/** Bareos' configuration as a tree: the parser reads it, the generator builds it, the printer writes it. */
package io.github.bpipe.config.model;
