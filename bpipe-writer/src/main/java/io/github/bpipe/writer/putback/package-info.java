/** Puts calendar entries and contacts of a stream back into the live application, as that itself would store them. */
package io.github.bpipe.writer.putback;
