/** What bites people in existing Bareos configuration. */
package io.github.bpipe.config.lint;
