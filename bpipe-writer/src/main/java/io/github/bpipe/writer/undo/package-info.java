/** Brings the files of an application back from a snapshot. */
package io.github.bpipe.writer.undo;
