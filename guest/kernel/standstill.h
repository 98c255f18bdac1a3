/* SPDX-License-Identifier: Apache-2.0 */
/* Domains that are stepped, and domains that stand still (step.c, pause.c). */
#ifndef STANDSTILL_H
#define STANDSTILL_H

#include "records.h"

/* step.c: stops after so many instructions, which the domain does not see. */
void step_ask(struct domain *domain, uint32_t steps); /* 0: no more */
/* One more is done. True: it was the last, and TF is the domain's own again.
 */
bool step_done(struct domain *domain);
void step_landed(struct domain *domain); /* its flags are new ones */
void step_end(struct domain *domain);    /* of those that it still owes */
uint64_t step_flags(const struct domain *domain);
void step_flags_set(struct domain *domain, uint64_t flags);

/* pause.c: domains that stand still for a debugger. */
/* Its steps are done. True: it is paused again; false: nobody has paused it. */
bool pause_stepped(struct domain *domain);
void pause_forget(struct domain *domain); /* it ends, or is destroyed */
void waiters_wake(struct domain *domain); /* for its end, or standstill */

#endif
