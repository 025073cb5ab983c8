/** What is known of the applications whose databases are saved: Nextcloud and ownCloud. */
package io.github.bpipe.core.application;
