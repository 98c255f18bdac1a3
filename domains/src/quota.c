/* SPDX-License-Identifier: Apache-2.0 */
/* Do the books of a family of quotas add up? */
#include <domains/quota.h>

static bool is_member(struct quota *const *quotas, uint32_t count,
                      const struct quota *quota)
{
    for (uint32_t i = 0; i < count; i++) {
        if (quotas[i] == quota) {
            return true;
        }
    }
    return false;
}

/* What those beneath have of this one, and how many they are. */
static uint64_t beneath(struct quota *const *quotas, uint32_t count,
                        const struct quota *quota, uint32_t *children)
{
    uint64_t pages = 0;

    *children = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (quotas[i]->parent == quota) {
            *children += 1;
            pages += quotas[i]->part ? quotas[i]->used : quotas[i]->limit;
        }
    }
    return pages;
}

static bool is_rooted(struct quota *const *quotas, uint32_t count,
                      const struct quota *quota)
{
    for (uint32_t steps = 0; steps < count; steps++) {
        if (quota->parent == NULL) {
            return !quota->part;
        }
        quota = quota->parent;
        if (!is_member(quotas, count, quota)) {
            return false;
        }
    }
    return false;
}

const char *pd_quota_check(struct quota *const *quotas, const uint64_t *charged,
                           uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        const struct quota *quota = quotas[i];
        uint32_t children;
        uint64_t pages = beneath(quotas, count, quota, &children);

        if (quota->used > quota->limit || quota->used > quota->peak) {
            return "Q1 limit";
        }
        if (quota->used != charged[i] + pages) {
            return "Q2 conservation";
        }
        if (!is_rooted(quotas, count, quota)) {
            return "Q3 parents";
        }
        if (quota->children != children) {
            return "Q4 children";
        }
    }
    return NULL;
}
