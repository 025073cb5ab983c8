/** From an application that runs here to its profile. */
package io.github.bpipe.config.init;
