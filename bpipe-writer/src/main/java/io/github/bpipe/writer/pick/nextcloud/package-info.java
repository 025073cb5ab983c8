/** Calendar entries and contacts as Nextcloud and ownCloud keep them (their app dav, on sabre/dav). */
package io.github.bpipe.writer.pick.nextcloud;
