/** Proves that a stream restores, in a place that is made for it and removed again. */
package io.github.bpipe.writer.drill;
