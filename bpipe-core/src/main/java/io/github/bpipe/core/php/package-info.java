/** Reads PHP files that only assign constant values, such as configuration, without running PHP. */
package io.github.bpipe.core.php;
