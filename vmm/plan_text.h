/* SPDX-License-Identifier: Apache-2.0 */
/* The plan for people: roots, domains, authority, boundaries. */
#ifndef VMM_PLAN_TEXT_H
#define VMM_PLAN_TEXT_H

#include "run.h"

#include <domains/build.h>
#include <stdio.h>

void plan_text_print(const struct run *run, FILE *out);

/* What a domain has of a class: "new", "same as app", "part of app", "none". */
void plan_degree_text(const struct run *run, uint32_t domain,
                      enum pd_class class_, char *out, size_t bytes);

/* One capability that a domain begins with. */
struct plan_authority {
    char name[SPEC_NAME_MAX + 1];
    const char *type;
    char object[2 * SPEC_NAME_MAX + 8];
    uint8_t rights;
};
#define PLAN_STANDARD_MAX 10u

/* The index-th capability of a domain (standard ones, then its holds); false
 * past the end. */
bool plan_authority(const struct run *run, uint32_t domain, uint32_t index,
                    struct plan_authority *out);

/* What a boundary between two domains is made of. */
struct plan_boundary {
    bool same_root;  /* nothing but capabilities separates them */
    uint32_t frames; /* page-table pages that exist because of it */
};
void plan_boundary(const struct run *run, const struct config_boundary *config,
                   struct plan_boundary *out);

#endif
