/** The command lines of {@code bareos-config}. */
package io.github.bpipe.config;
