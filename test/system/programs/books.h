/* SPDX-License-Identifier: Apache-2.0 */
/* What a domain's own quota and pool say, before and after. */
#ifndef SYSTEM_BOOKS_H
#define SYSTEM_BOOKS_H

#include "tools.h"

struct books {
    struct ambit_info quota, pool;
};

static inline struct books books_now(void)
{
    struct books books = {0};

    must(ambit_inspect(held("quota"), &books.quota));
    must(ambit_inspect(held("pool"), &books.pool));
    return books;
}

/* Pages charged and frames taken since then: the same number. */
static inline void taken(const struct books *before, uint64_t pages)
{
    struct books now = books_now();

    if (now.quota.first != before->quota.first + pages ||
        now.pool.first + pages != before->pool.first) {
        ambit_printf("%lu charged, %lu taken, expected %lu\n",
                     now.quota.first - before->quota.first,
                     before->pool.first - now.pool.first, pages);
        ambit_exit(AMBIT_EXIT_ASSERT);
    }
}

static inline void same(const char *when, const struct books *before)
{
    struct books now = books_now();

    if (now.quota.first != before->quota.first ||
        now.pool.first != before->pool.first) {
        ambit_printf("%s: %lu charged, was %lu; %lu free, was %lu\n", when,
                     now.quota.first, before->quota.first, now.pool.first,
                     before->pool.first);
        ambit_exit(AMBIT_EXIT_ASSERT);
    }
}

static inline void is(const char *what, enum status got, enum status wanted)
{
    if (got != wanted) {
        ambit_printf("%s: %s; wanted: %s\n", what, ambit_status_text(got),
                     ambit_status_text(wanted));
        ambit_exit(1);
    }
}

#endif
