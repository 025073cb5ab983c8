/** What is picked out of a stream without any server: rows of tables, and what applications keep in them. */
package io.github.bpipe.writer.pick;
