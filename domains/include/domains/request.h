/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a domain asks for at run time, judged and counted before anything of it
 * exists. It has the form of a spec's domain; what is not in a spec (the
 * creator's standing, capabilities) the kernel adds.
 */
#ifndef DOMAINS_REQUEST_H
#define DOMAINS_REQUEST_H

#include <domains/build.h>
#include <domains/judge.h>

/* What of the creator's the new domain is built with, by its degrees. */
struct pd_shape {
    bool own_space, own_image, own_heap; /* own_heap: and it has one */
    bool own_caps, own_files, own_quota, own_pool;
};

/*
 * Judges a request of a domain that has `creator`. `keeps` is d->keep_count
 * long; kept ranges are numbered by the kernel, below 64, as in creator->view.
 * Beyond pd_judge's: its creator can have things charged and allocated and has
 * a table for the capability to it; the entry is executable.
 * Returns OK (and fills `shape`); else `why` says what pd_judge would, or more.
 * Cost: constant, but for keeps and the program's segments.
 */
MUST_CHECK enum status
pd_judge_request(const struct spec *spec, const struct pd_standing *creator,
                 const struct spec_domain *d, const struct spec_keep *keeps,
                 struct pd_shape *shape, struct pd_refusal *why);

/* Frames that the domain itself takes, without directories of its root, which
 * come with what is attached there. Cost: the program's segments. */
void pd_count_request(const struct spec *spec, const struct spec_domain *d,
                      const struct pd_shape *shape, struct pd_needs *needs);

/* Granules that a range of run time takes, a guard included. */
static inline uint32_t pd_span(uint32_t pages)
{
    return pages / 512 + 1;
}

#endif
