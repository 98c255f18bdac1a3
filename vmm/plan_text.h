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

/* How many pages of a range a root may reach at most, by their rights. */
struct plan_pages {
    uint32_t pages; /* with any right */
    uint32_t readable, writable, executable;
    uint32_t by_rights[8]; /* index: CAP_READ | CAP_WRITE | CAP_EXEC */
};
void plan_pages_count(const struct run *run, uint32_t root, uint32_t range,
                      struct plan_pages *out);

/* "rwxu"; `out` holds 8 bytes. */
void plan_rights_text(uint8_t rights, char out[8]);

/* One capability that a domain begins with. */
struct plan_authority {
    char name[SPEC_NAME_MAX + 1];
    const char *type;
    char object[2 * SPEC_NAME_MAX + 8];
    uint8_t rights;
};

/* The index-th capability of a domain (standard ones, then its holds); false
 * past the end. */
bool plan_authority(const struct run *run, uint32_t domain, uint32_t index,
                    struct plan_authority *out);

#endif
