/** Tells an application of single files of its users that were restored. */
package io.github.bpipe.writer.scan;
