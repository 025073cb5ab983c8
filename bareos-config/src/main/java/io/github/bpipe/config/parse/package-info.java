/** Reads Bareos and Bacula configuration files. */
package io.github.bpipe.config.parse;
