/** Commands of the application around a backup or a restore. */
package io.github.bpipe.core.hook;
