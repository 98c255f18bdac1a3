/* SPDX-License-Identifier: Apache-2.0 */
/* The keeper of a late file: a process that gives it its name. */
#ifndef HOST_LATE_FILE_INTERNAL_H
#define HOST_LATE_FILE_INTERNAL_H

#include <host/late_file.h>

/* Starts it, for the open file that is called `temporary`; -1 and errno. */
int late_file__keep(struct late_file *file, const char *temporary);

/* Asks it to give the file its name: 0, or an error number. */
int late_file__ask(const struct late_file *file);

#endif
