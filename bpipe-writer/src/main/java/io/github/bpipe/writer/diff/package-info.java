/** What has changed between a stream and the live database. */
package io.github.bpipe.writer.diff;
