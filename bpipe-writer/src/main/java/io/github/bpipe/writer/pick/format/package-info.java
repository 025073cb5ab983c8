/** How rows are printed. */
package io.github.bpipe.writer.pick.format;
