/* SPDX-License-Identifier: Apache-2.0 */
/* SIGINT and SIGTERM: a flag, and the engine is woken. */
#ifndef VMM_SIGNALS_H
#define VMM_SIGNALS_H

/* Installs the handlers; SIGPIPE is ignored (write errors tell). */
void signals_install(void);

/* The signal that asked for an end, or 0. */
int signals_pending(void);

/* From here on the signals end the process at once, as by default. */
void signals_restore(void);

#endif
