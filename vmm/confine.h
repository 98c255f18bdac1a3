/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Before the guest's first instruction: what will be needed after it is opened
 * and read, and then this process is confined (host/sandbox.h).
 */
#ifndef VMM_CONFINE_H
#define VMM_CONFINE_H

struct run;

/* Opens the results file and reads what only files tell. Before the engine
 * opens. 0, or -1 with everything said on stderr and run->exit_code set. */
int confine_prepare(struct run *run);

/* Applies the sandbox, unless --no-sandbox, and says so with --verbose. After
 * the engine has opened. Results likewise. */
int confine(struct run *run);

/* Lets go of what was prepared. */
void confine_free(struct run *run);

#endif
