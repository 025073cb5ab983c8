/** Who has closed an application for a job, until when, and what opens it again. */
package io.github.bpipe.core.lease;
