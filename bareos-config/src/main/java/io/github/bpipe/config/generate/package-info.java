/** From profiles to configuration files. */
package io.github.bpipe.config.generate;
