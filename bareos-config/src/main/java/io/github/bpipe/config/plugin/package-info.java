/** How the file daemon reads a Plugin string and splits a command. */
package io.github.bpipe.config.plugin;
