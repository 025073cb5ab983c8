/** Restores of a few tables: a filter between the stream and the target, one class for each engine. */
package io.github.bpipe.writer.only;
