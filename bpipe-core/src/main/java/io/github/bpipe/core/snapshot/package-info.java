/** The one-time backup of a whole application in a folder: its files as they are, its database as a stream. */
package io.github.bpipe.core.snapshot;
