/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the parts of the validator share. Nothing here is cleared as a whole:
 * entries of a domain are written before any child of it reads them.
 */
#ifndef DOMAINS_CHECK_H
#define DOMAINS_CHECK_H

#include <domains/judge.h>

/* Index of the machine among the owners of quotas and pools. */
#define CHECK_MACHINE SPEC_MAX_DOMAINS

struct spec_check {
    struct spec spec;
    struct spec_error *error;
    uint32_t domain;       /* being judged, or SPEC_NONE */
    uint32_t item;         /* hold, program, segment, node ... or SPEC_NONE */
    uint32_t holds, keeps; /* seen so far, over all slices */

    uint64_t boot; /* bitmap over domains: starts at boot */

    struct pd_standing root; /* of the root domain */
    struct pd_standing standing[SPEC_MAX_DOMAINS];
    /* Owners of the quota and pool that each uses; whose quota its own came
     * out of. */
    uint8_t quota[SPEC_MAX_DOMAINS], pool[SPEC_MAX_DOMAINS];
    uint8_t quota_above[SPEC_MAX_DOMAINS];
    uint32_t quota_left[SPEC_MAX_DOMAINS + 1];
    uint32_t pool_left[SPEC_MAX_DOMAINS + 1];
};

enum status check__refuse(struct spec_check *c, enum status status,
                          uint32_t pd_class, uint32_t refusal);
enum status check__malformed(struct spec_check *c, const char *what);

/* Length of a string of at most `most` bytes without `banned`, or SPEC_NONE. */
uint32_t check__name(const struct spec_check *c, uint32_t offset, uint32_t most,
                     char banned);
/* A name of domains, ranges, endpoints, holds: 1 to SPEC_NAME_MAX bytes, no
 * '.', which separates a domain from its image, heap or stack. */
bool check__named(const struct spec_check *c, uint32_t offset);
/* The page at this offset of the program's image is executable. */
bool check__executable(const struct spec_check *c, uint32_t program,
                       uint64_t offset);

enum status check__programs(struct spec_check *c);
enum status check__ranges(struct spec_check *c);
enum status check__times(struct spec_check *c);
enum status check__trees(struct spec_check *c);
enum status check__domains(struct spec_check *c);
enum status check__degrees(struct spec_check *c);
enum status check__holds(struct spec_check *c);

#endif
