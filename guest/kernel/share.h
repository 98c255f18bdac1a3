/* SPDX-License-Identifier: Apache-2.0 */
/* A part of kernel.h, which includes it: what the host is told. */
#ifndef SHARE_H
#define SHARE_H

/* share.c: what the host sees. */
void share_console(uint32_t domain, const char *bytes, uint32_t count);
void share_phase(enum shared_phase phase);
void share_step(void);
void share_root(uint32_t root, uint64_t cr3, uint64_t domains);
uint32_t share_fault(const struct shared_fault *fault);
void share_report(const struct shared_report *report);
void share_domain(struct domain *domain); /* one made at run time */
void share_start(void);
void share_tables(const struct domain *domain); /* those of its own */
_Noreturn void share_finish(void); /* tries probes, then share_end */
_Noreturn void share_end(void);
/* trace.c: records of what the kernel does. Returns the bytes that the ring
 * takes of memory from `base` on. */
uint64_t trace_init(uint64_t base);
/* `event`: a struct shared_event's first word. */
void trace_write(uint64_t event, uint64_t second, uint64_t third);
/* Cost: two instructions where no trace is kept, else at most 40. */
static inline void share_event(enum event_kind kind, uint32_t domain,
                               uint32_t first, uint64_t second)
{
    if (__builtin_expect(kernel.trace != NULL, 0)) {
        trace_write((uint64_t)kind | (uint64_t)(uint16_t)domain << 16 |
                        (uint64_t)first << 32,
                    second, 0);
    }
}
void trace_quota(const struct quota *quota); /* it has changed */

#endif
